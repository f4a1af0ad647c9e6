// How long a person waits for the board: from opening an access link in a browser that has seen nothing yet until its
// verdict and its first figures are on the page.
import { openPage, startBrowser } from '../../test/support/browser.ts'

const TIMES = 7

/** Median seconds over some browsers without cookies or cache; `link` gives a fresh access link. */
export async function firstBoardSeconds (link: () => Promise<string>): Promise<number> {
  const browser = await startBrowser()
  const seconds: number[] = []
  // The first shows what starting the browser's own parts costs, and is not counted.
  for (let time = 0; time <= TIMES; time++) {
    const address = await link()
    const { page, context } = await openPage(browser)
    const started = performance.now()
    await page.goto(address, { waitUntil: 'commit' })
    await page.locator('[data-verdict]').waitFor()
    await page.locator('[data-figure]').first().waitFor()
    if (time > 0) seconds.push((performance.now() - started) / 1000)
    await context.close()
  }
  await browser.close()
  return seconds.sort((a, b) => a - b)[Math.floor(TIMES / 2)] as number
}
