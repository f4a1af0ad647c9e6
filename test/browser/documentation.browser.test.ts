import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runService, type RunningService } from '../serve/api/running-service.ts'
import { openPage, startBrowser } from '../support/browser.ts'

const DEADLINE_MS = 60_000
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

describe('the page of the API', () => {
  it('shows every group and opens a route, without signing in, from here alone, within the strict policy', async () => {
    const { page, context, complaints } = await openPage(browser)
    onTestFinished(async () => { await context.close() })
    page.setDefaultTimeout(DEADLINE_MS)
    const asked: string[] = []
    const failed: string[] = []
    page.on('request', request => { asked.push(request.url()) })
    page.on('response', response => { if (response.status() >= 400) failed.push(response.url()) })
    const answer = await page.goto(`${service.address}/docs`)
    const policy = answer!.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const board = page.locator('.opblock', { has: page.locator('[data-path="/v1/board"]') })
    await board.waitFor()
    expect(await page.locator('.opblock-tag').allInnerTexts()).toEqual(expect.arrayContaining(
      ['board', 'tables', 'operations', 'quarantine', 'alerts'].map(tag => expect.stringContaining(tag))))
    await board.locator('button.opblock-summary-control').click()
    await page.locator('.opblock.is-open .responses-table').first().waitFor()
    expect(asked.filter(url => !url.startsWith(service.address) && !url.startsWith('data:'))).toEqual([])
    expect(failed).toEqual([])
    expect(complaints).toEqual([])
  }, DEADLINE_MS * 3)
})
