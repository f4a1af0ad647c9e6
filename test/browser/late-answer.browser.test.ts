// The page asks for board and alerts once, and follows them by a stream: an answer may come after what is newer.
import type { Browser, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openPage, startBrowser } from '../support/browser.ts'
import { fixtureBoard } from './fixture-board.ts'
import { fixtureAlert, startFixtureServer, type FixtureServer } from './fixture-server.ts'

let browser: Browser
beforeAll(async () => { browser = await startBrowser() })
afterAll(async () => { await browser.close() })

interface Held {
  page: Page
  server: FixtureServer
  /** Lets the answer of before come, and waits until the page has had it. */
  release (): Promise<void>
}

/** Opens a page; what the server answers at an address is there, and does not reach the page yet. */
async function openHolding (path: string, held: string): Promise<Held> {
  const server = await startFixtureServer()
  const { page, context } = await openPage(browser)
  onTestFinished(async () => {
    await context.close()
    await server.close()
  })
  let go: () => void = () => {}
  const gone = new Promise<void>(resolve => { go = resolve })
  const answered = new Promise<void>(resolve => {
    void page.route(`**${held}`, async route => {
      const response = await route.fetch()
      resolve()
      await gone
      await route.fulfill({ response })
    })
  })
  const late: Promise<Response> = page.waitForResponse(response => new URL(response.url()).pathname === held)
  await page.goto(`${server.address}${path}`)
  await answered
  return {
    page,
    server,
    async release () {
      go()
      await (await late).finished()
      await page.evaluate(async () => { await (await fetch('/v1/session')).json() })
    }
  }
}

describe('an answer that comes late', () => {
  it('of alerts does not undo what the stream said', async () => {
    const { page, server, release } = await openHolding('/alerts?lang=en', '/v1/alerts')
    server.setAlerts([fixtureAlert()])
    const alert = page.locator('[data-alert=alert-1]')
    await alert.waitFor()
    await release()
    expect(await alert.count()).toBe(1)
  })

  it('of the board does not undo what the stream said', async () => {
    const { page, server, release } = await openHolding('/?lang=en', '/v1/board')
    const today = page.locator('[data-figure=arrivals] [data-period=today]')
    server.setBoard(fixtureBoard(board => { board.country.today = { arrivals: 123_456, departures: 1, net: 123_455 } }))
    await page.getByText('123,456').first().waitFor()
    await release()
    expect(await today.innerText()).toBe('123,456')
  })
})
