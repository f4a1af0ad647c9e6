import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openPage, startBrowser } from '../support/browser.ts'
import { fixtureBoard, troubledBoard } from './fixture-board.ts'
import { fixtureAlert, startFixtureServer, TOKEN, type FixtureServer } from './fixture-server.ts'

const DEADLINE_MS = 30_000
/** Bytes over the wire at first load, fonts aside. */
const FIRST_LOAD_BYTES_MAX = 200 * 1024

let browser: Browser
beforeAll(async () => { browser = await startBrowser() })
afterAll(async () => { await browser.close() })

async function open (path = '/?lang=en', options = {}, prepare: (server: FixtureServer) => void = () => {}): Promise<{
  page: Page, server: FixtureServer, complaints: string[]
}> {
  const server = await startFixtureServer()
  prepare(server)
  const { page, context, complaints } = await openPage(browser, options)
  onTestFinished(async () => {
    await context.close()
    await server.close()
  })
  page.setDefaultTimeout(DEADLINE_MS)
  await page.goto(`${server.address}${path}`)
  return { page, server, complaints }
}

describe('the board', () => {
  it('says at the top that all is well, and that the figures can be trusted', async () => {
    const { page, complaints } = await open()
    await page.locator('[data-verdict=normal]').waitFor()
    expect(await page.locator('[data-verdict]').innerText()).toContain('The border is normal')
    expect(await page.locator('[data-trust=trusted]').innerText()).toContain('Can be trusted')
    await page.locator('.country .province').first().waitFor({ state: 'attached' })
    expect(await page.locator('.country .province').count()).toBe(25)
    expect(complaints).toEqual([])
  })

  it('changes when the server sends another board, without being asked', async () => {
    const { page, server } = await open()
    const today = page.locator('[data-figure=arrivals] [data-period=today]')
    await today.waitFor()
    server.setBoard(fixtureBoard(board => { board.country.today = { arrivals: 123_456, departures: 1, net: 123_455 } }))
    await page.getByText('123,456').first().waitFor()
    expect(await today.innerText()).toBe('123,456')
  })

  it('tells silent, late, closed and surging gates apart, in words', async () => {
    const { page } = await open('/?lang=en', {}, server => { server.setBoard(troubledBoard()) })
    const verdict = page.locator('[data-verdict=attention]')
    await verdict.waitFor()
    expect(await verdict.innerText()).toMatch(/Far above normal: Daung.*Silent: Poipet/)
    expect(await page.locator('[data-trust=partly]').innerText()).toMatch(/15 of 16 open gates report.*Late: Siem Reap/)
    expect(await page.locator('tr[data-gate=KHC-POI]').innerText()).toContain('silent')
    await page.getByRole('link', { name: 'Trust' }).first().click()
    const feed = page.locator('tr[data-feed=KHC-POI]')
    await feed.waitFor()
    expect(await feed.innerText()).toContain('since 22 Nov 13:05')
    expect(await page.locator('tr[data-state=closed]').count()).toBe(4)
  })

  it('greys what it shows and says its age when the connection is lost, and recovers by itself', async () => {
    const { page, server } = await open()
    await page.locator('[data-verdict]').waitFor()
    server.setReachable(false)
    await page.locator('.lost-banner').waitFor()
    expect(await page.locator('.lost-banner').innerText()).toMatch(/Connection lost.*old/)
    expect(await page.locator('main.stale').count()).toBe(1)
    await page.locator('[data-trust=doubtful]').waitFor()
    server.setReachable(true)
    await page.locator('.lost-banner').waitFor({ state: 'detached' })
    expect(await page.locator('main.stale').count()).toBe(0)
  })

  it('loads within its budget', async () => {
    const server = await startFixtureServer()
    const { page, context } = await openPage(browser)
    onTestFinished(async () => {
      await context.close()
      await server.close()
    })
    const sizes: { path: string, bytes: number }[] = []
    page.on('requestfinished', request => {
      const { pathname } = new URL(request.url())
      if (pathname.startsWith('/v1/') || pathname.endsWith('.woff2')) return
      void request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
        sizes.push({ path: pathname, bytes: responseBodySize + responseHeadersSize })
      }, () => { /* The page was closed meanwhile. */ })
    })
    await page.goto(server.address)
    await page.locator('.canvas canvas').first().waitFor()
    await expect.poll(() => sizes.length, { timeout: DEADLINE_MS }).toBeGreaterThan(4)
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(FIRST_LOAD_BYTES_MAX)
  })
})

describe('language', () => {
  it('is Khmer for a browser that asks for it, and switches with everything', async () => {
    const { page } = await open('/', { locale: 'km-KH' })
    await page.locator('[data-verdict=normal]').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('km')
    expect(await page.locator('[data-verdict]').innerText()).toContain('ព្រំដែនធម្មតា')
    await page.locator('[data-language=en]').click()
    await page.getByText('The border is normal').waitFor()
    expect(new URL(page.url()).searchParams.get('lang')).toBe('en')
    await page.locator('[data-language=km]').click()
    await page.goto(`${new URL(page.url()).origin}/ranges?range=day&from=2026-11-16&to=2026-11-16`)
    // What was chosen is remembered, and a date is Khmer even in a browser that has no Khmer names of months.
    await page.getByRole('heading', { level: 1, name: 'ថ្ងៃចន្ទ ទី16 ខែវិច្ឆិកា ឆ្នាំ2026' }).waitFor()
    await page.evaluate(() => { localStorage.setItem('digits', 'khmer') })
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'ទី១៦' }).waitFor()
  })

  it('draws a picture of a chart, and a table with Khmer names', async () => {
    const { page } = await open('/?lang=km')
    const chart = page.locator('[data-chart=today]')
    await chart.locator('canvas').first().waitFor()
    const [picture] = await Promise.all([page.waitForEvent('download'), chart.locator('[data-download=png]').click()])
    expect((await readFile(await picture.path())).subarray(1, 4).toString()).toBe('PNG')
    const [table] = await Promise.all([page.waitForEvent('download'), page.locator('.gates [data-download=csv]').click()])
    const text = await readFile(await table.path(), 'utf8')
    expect(text).toMatch(/^\uFEFFcheckpoint,name_en,name_km/)
    expect(text).toContain('KHC-POI,Poipet,ប៉ោយប៉ែត,KH-1,land,live')
  })
})

describe('alerts', () => {
  it('are raised, acknowledged with a note and cleared while the page is open', async () => {
    const { page, server } = await open('/alerts?lang=en')
    await page.getByText('No alerts.').waitFor()
    server.setAlerts([fixtureAlert()])
    const alert = page.locator('[data-alert=alert-1]')
    await alert.waitFor()
    expect(await alert.innerText()).toMatch(/Silent feed: Poipet[\s\S]*firing · critical · since 22 Nov 13:05 · 1.5 h against a threshold of 15 min/)
    await alert.locator('[data-acknowledge]').click()
    await page.keyboard.type('Called the desk')
    await page.keyboard.press('Enter')
    await alert.getByText('Acknowledged by Sok Dara, 22 Nov 14:40: “Called the desk”').waitFor()
    server.setAlerts([fixtureAlert({ state: 'resolved', resolvedAt: '2026-11-22T07:45:00.000Z' })])
    await page.locator('[data-alert=alert-1][data-state=resolved]').waitFor()
    await page.getByText('No alerts.').waitFor()
  })

  it('show returnees by gate and hour, with what to expect next', async () => {
    const { page } = await open('/surges?lang=en')
    const row = page.locator('tr[data-gate=KHC-DNG]')
    await row.waitFor()
    expect(await row.locator('td').count()).toBe(26)
    expect(await row.locator('td').first().innerText()).toBe('62')
  })
})

describe('getting about', () => {
  it('goes from the country to a gate and to a day, each with an address', async () => {
    const { page } = await open('/ranges?lang=en&range=week&from=2026-11-16&to=2026-11-22')
    await page.getByRole('link', { name: 'Bavet' }).click()
    await page.getByRole('heading', { level: 1, name: 'Bavet · 16 Nov – 22 Nov' }).waitFor()
    await page.getByText('Show as a table').click()
    await page.getByRole('link', { name: '17 Nov', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Bavet · Tuesday 17 November 2026' }).waitFor()
    const { searchParams } = new URL(page.url())
    expect(Object.fromEntries(searchParams)).toEqual({ lang: 'en', range: 'day', from: '2026-11-17', to: '2026-11-17', gate: 'KHC-BVT' })
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Bavet · 16 Nov – 22 Nov' }).waitFor()
  })

  it('works by keyboard alone', async () => {
    const { page } = await open()
    await page.locator('[data-verdict]').waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    await page.locator('nav a', { hasText: 'Report' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('[data-report=week]').waitFor()
    await page.locator('.settings summary').focus()
    await page.keyboard.press('Enter')
    await page.locator('[data-sign-out]').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('is a wall screen with ?kiosk: nothing to press, no small counts', async () => {
    const { page } = await open('/?kiosk&lang=en')
    await page.locator('[data-verdict]').waitFor()
    expect(await page.locator('button').count()).toBe(0)
    expect(await page.getByText('<5').count()).toBe(0)
    expect(await page.locator('[data-clock]').innerText()).toMatch(/^\d\d:\d\d:\d\d$/)
  })

  it('prints the morning report without what only a screen needs', async () => {
    const { page } = await open('/report?lang=km')
    await page.locator('[data-report=week]').waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.top').isVisible()).toBe(false)
    expect((await page.pdf({ format: 'A4', preferCSSPageSize: true })).subarray(0, 4).toString()).toBe('%PDF')
  })
})

describe('signing in', () => {
  it('takes the token of a link out of the address, and says when it is refused', async () => {
    const { page, complaints } = await open(`/?lang=en#token=${TOKEN}`, {}, server => { server.setRole(null) })
    await page.locator('[data-verdict]').waitFor()
    expect(page.url()).not.toContain('token')
    await page.goto(`${new URL(page.url()).origin}/?lang=en#token=wrong`)
    await page.getByText('not valid, has expired or was revoked').waitFor()
    expect(page.url()).not.toContain('wrong')
    expect(complaints).toEqual([])
  })

  it('shows the sign-in when the session ends, and tells a role that may not see the board', async () => {
    const { page, server } = await open()
    await page.locator('[data-verdict]').waitFor()
    server.setRole(null)
    server.setReachable(false)
    server.setReachable(true)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.locator('[data-verdict]').count()).toBe(0)
    server.setRole('auditor')
    await page.reload()
    await page.getByText('Your role may not see this page.').waitFor()
  })
})
