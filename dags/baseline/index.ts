// What others may import of the baseline.
export { type Compared, comparedDays } from './compared-days.ts'
export { type Band, type Expected, type ExpectedAt, expectedFor } from './expected.ts'
export { type Feed, type FeedsContext, readFeeds } from './feeds.ts'
export { DEFAULT_FEED_LIMITS, type FeedLimits, type FeedState } from './feed-state.ts'
export { type BaselineContext, type BaselineState, readBaselineState, refreshBaseline } from './refresh.ts'
export { DEFAULT_SURGE_LIMITS, readSurges, type Surge, type SurgeLimits } from './surges.ts'
