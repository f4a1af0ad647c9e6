import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runOperation } from '../../cli/operations/index.ts'
import { recentCrossing } from '../serve/api/events.ts'
import { runService, type RunningService } from '../serve/api/running-service.ts'
import { openPage, startBrowser, type OpenPage } from '../support/browser.ts'

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

async function openLink (token: string): Promise<OpenPage> {
  const opened = await openPage(browser)
  onTestFinished(async () => { await opened.context.close() })
  opened.page.setDefaultTimeout(DEADLINE_MS)
  await opened.page.goto(`${service.address}/?lang=en#token=${token}`)
  return opened
}

interface Made { id: string, token: string }

async function access (role: string, expiresAtMs?: number): Promise<Made> {
  const result = await runOperation(service.runtime, 'access.create', { name: `page ${role}`, role, expiresAtMs })
  return (result as { value: Made }).value
}

describe('the page over the real service', () => {
  it('shows an event that is posted while it is open', async () => {
    const { page, complaints } = await openLink((await access('operator')).token)
    const lastHour = page.locator('tr[data-gate=KHC-BVT] td.n').first()
    await page.locator('[data-verdict]').waitFor()
    await service.send([recentCrossing('live-1'), recentCrossing('live-2', { document: { type: 'passport', issuing_state: 'AUS', number: 'N2' } })])
    await expect.poll(async () => await lastHour.innerText(), { timeout: DEADLINE_MS }).toBe('2')
    expect(page.url()).not.toContain('token')
    expect(complaints).toEqual([])
  })

  it('signs out, and is signed out when the access is revoked', async () => {
    const first = await openLink((await access('operator')).token)
    await first.page.locator('[data-verdict]').waitFor()
    await first.page.locator('.settings summary').click()
    await first.page.locator('[data-sign-out]').click()
    await first.page.getByText('You are signed out.').waitFor()
    await first.page.reload()
    await first.page.getByRole('heading', { name: 'Sign in' }).waitFor()

    const { id, token } = await access('operator')
    const second = await openLink(token)
    await second.page.locator('[data-verdict]').waitFor()
    await runOperation(service.runtime, 'access.revoke', { id })
    await second.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await second.page.goto(`${service.address}/?lang=en&again#token=${token}`)
    await second.page.getByText('not valid, has expired or was revoked').waitFor()
  })

  it('refuses a link that has expired, and shows no figure to a role that may not see the board', async () => {
    const { token } = await access('operator', Date.now() + 1)
    const expired = await openLink(token)
    await expired.page.getByText('not valid, has expired or was revoked').waitFor()
    const auditor = await openLink((await access('auditor')).token)
    await auditor.page.getByText('Your role may not see this page.').waitFor()
    expect(await auditor.page.locator('[data-figure]').count()).toBe(0)
  })
})
