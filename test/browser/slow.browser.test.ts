// The page over 100 kbit/s with half a second of delay: an old mobile connection at a remote gate.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runOperation } from '../../cli/operations/index.ts'
import { recentCrossing } from '../serve/api/events.ts'
import { runService, type RunningService } from '../serve/api/running-service.ts'
import { openPage, startBrowser } from '../support/browser.ts'

const SLOW = { offline: false, latency: 500, downloadThroughput: 100_000 / 8, uploadThroughput: 100_000 / 8 }
const DEADLINE_MS = 120_000
/** Fonts may come later; at this rate the page without them takes about eight seconds. */
const BYTES_BEFORE_FIGURES_MAX = 130_000

let browser: Browser
let service: RunningService
beforeAll(async () => {
  browser = await startBrowser()
  service = await runService()
})
afterAll(async () => {
  await service.stop()
  await browser.close()
})

async function token (name: string): Promise<string> {
  const made = await runOperation(service.runtime, 'access.create', { name, role: 'operator' })
  return (made as { value: { token: string } }).value.token
}

describe('the page over a slow connection', () => {
  it.each([
    ['en', '1'], ['km', '2']
  ])('shows its figures before its fonts are there, and what comes afterwards, in %s', async (language, count) => {
    const { page, context, complaints } = await openPage(browser)
    onTestFinished(async () => { await context.close() })
    page.setDefaultTimeout(DEADLINE_MS)
    const network = await context.newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', SLOW)
    let received = 0
    network.on('Network.dataReceived', ({ encodedDataLength }) => { received += encodedDataLength })
    await page.goto(`${service.address}/?lang=${language}#token=${await token(language)}`,
      { waitUntil: 'commit', timeout: DEADLINE_MS })
    await page.locator('[data-verdict]').waitFor()
    expect(received).toBeLessThan(BYTES_BEFORE_FIGURES_MAX)
    const lastHour = page.locator('tr[data-gate=KHC-BVT] td.n').first()
    await service.send([recentCrossing(`slow-${language}`, {
      document: { type: 'passport', issuing_state: 'AUS', number: `S${language}` }
    })])
    // Each language has brought a traveller more.
    await expect.poll(async () => await lastHour.innerText(), { timeout: DEADLINE_MS }).toBe(count)
    expect(complaints).toEqual([])
  })
})
