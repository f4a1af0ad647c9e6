// `npm run screenshots`.
import { expect, it } from 'vitest'
import { SCREENSHOTS, takeScreenshots } from './screenshots.ts'

it('takes the pictures of the documents', async () => {
  expect((await takeScreenshots(SCREENSHOTS)).length).toBeGreaterThan(0)
})
