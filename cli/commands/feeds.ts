// borderflow feeds: which feeds are live, late, silent or closed, and where far more people cross than is normal.
import type { Command } from 'commander'
import { BorderflowError } from '../../core/errors.ts'
import type { Feed, Surge } from '../../dags/baseline/index.ts'
import { operateForValue, withCommonOptions, type CommonOptions } from '../options.ts'
import { instantText, printJson, printLine, printTable } from '../print.ts'

interface FeedsOptions extends CommonOptions { surges?: boolean, from?: string, to?: string }

/** Adds the command. */
export function addFeedsCommand (program: Command): void {
  withCommonOptions(program.command('feeds'))
    .description('the state of every feed: live, late, silent, closed by schedule; what is expected and seen this hour')
    .option('--surges', 'instead, the hours and days with far more people than is normal')
    .option('--from <date>', 'first date of surges; today unless given')
    .option('--to <date>', 'last date of surges; today unless given')
    .action(async (options: FeedsOptions) => {
      if (options.surges === true) await printSurges(options)
      else await printFeeds(options)
    })
}

async function printFeeds (options: FeedsOptions): Promise<void> {
  if (options.from !== undefined || options.to !== undefined) {
    throw new BorderflowError('USAGE', { expected: '--from and --to with --surges', found: 'without', where: 'feeds' })
  }
  const feeds = await operateForValue<Feed[]>(options, 'feeds', {})
  if (options.json === true) {
    printJson(feeds)
    return
  }
  printTable(['source', 'checkpoint', 'state', 'expected', 'seen', 'silent since', 'last event', 'desk s', 'board s'],
    feeds.map(feed => [
      feed.source, feed.checkpoint ?? '', feed.state, feed.expected ?? '', feed.seen, instantText(feed.silentSinceMs),
      instantText(feed.lastOccurredAtMs), feed.delayDeskSecondsP50 ?? '', feed.delayBoardSecondsP50 ?? ''
    ]))
}

async function printSurges (options: FeedsOptions): Promise<void> {
  const { from, to } = options
  const surges = await operateForValue<Surge[]>(options, 'surges', { from, to: to ?? from })
  if (options.json === true) {
    printJson(surges)
    return
  }
  if (surges.length === 0) {
    printLine('no surges')
    return
  }
  printTable(['date', 'hour', 'checkpoint', 'direction', 'seen', 'expected', 'normal up to'], surges.map(surge => [
    surge.businessDate, surge.hour ?? 'day', surge.checkpoint, surge.direction, surge.seen, Math.round(surge.expected),
    Math.round(surge.high)
  ]))
}
