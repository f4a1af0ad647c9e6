import { createRequire } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { readFileSync } from 'node:fs'
import { openPage, startBrowser } from '../support/browser.ts'
import { troubledBoard } from './fixture-board.ts'
import { fixtureAlert, startFixtureServer, type FixtureServer } from './fixture-server.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PAGES = ['', 'trust', 'alerts', 'surges', 'ranges', 'report'] as const
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Axe { run (on: Document, options: object): Promise<{ violations: Finding[] }> }

interface Finding { id: string, nodes: { html: string, failureSummary?: string }[] }

let browser: Browser
let server: FixtureServer
beforeAll(async () => {
  browser = await startBrowser()
  server = await startFixtureServer({ simulated: true })
  server.setBoard(troubledBoard())
  server.setAlerts([fixtureAlert(), fixtureAlert({ id: 'alert-2', kind: 'disk', subject: '', state: 'resolved' })])
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

describe.each(['light', 'dark'] as const)('axe, %s', colorScheme => {
  it.each(['en', 'km'])('finds nothing on any page in %s, and nothing breaks the content policy', async language => {
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      const { page, context, complaints } = await openPage(browser, { viewport, colorScheme })
      onTestFinished(async () => { await context.close() })
      const found: string[] = []
      for (const name of PAGES) {
        await page.goto(`${server.address}/${name}?lang=${language}`)
        await page.locator('main h1').first().waitFor({ state: 'attached' })
        await page.waitForFunction(() =>
          document.querySelector('main .map-space, main .chart-space, main [role=status]') === null)
        for (const finding of await findings(page)) found.push(`/${name} at ${viewport.width}: ${finding}`)
        const isWider = await page.evaluate(() =>
          document.documentElement.scrollWidth > document.documentElement.clientWidth)
        if (isWider) found.push(`/${name} is wider than ${viewport.width}`)
      }
      expect([...found, ...complaints]).toEqual([])
    }
  }, 300_000)
})

it('finds nothing on the sign-in page', async () => {
  const { page, context } = await openPage(browser)
  onTestFinished(async () => { await context.close() })
  await page.route('**/v1/session', async route => { await route.fulfill({ status: 401 }) })
  await page.goto(`${server.address}/?lang=km`)
  await page.locator('form').waitFor()
  expect(await findings(page)).toEqual([])
})

/** What axe finds, as rule and place. It is run through the debugger, which the page's policy does not bind. */
async function findings (page: Awaited<ReturnType<typeof openPage>>['page']): Promise<string[]> {
  await page.evaluate(axe)
  const violations = await page.evaluate(async standard => {
    return (await (globalThis as unknown as { axe: Axe }).axe.run(document, { runOnly: { type: 'tag', values: standard } })).violations
  }, STANDARD)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`))
}
