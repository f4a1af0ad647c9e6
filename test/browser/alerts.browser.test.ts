// Alerts on the page over the real service: one is raised, somebody looks after it, and it is cleared, while the page
// is open.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { recentCrossing } from '../serve/api/events.ts'
import { runService, until, type RunningService } from '../serve/api/running-service.ts'
import { openPage, startBrowser, type OpenPage } from '../support/browser.ts'

const DEADLINE_MS = 90_000
/** Open round the clock: a gate that has closed for the night is not called silent. */
const AIRPORT = 'KHC-SAI'
let browser: Browser
let service: RunningService
beforeAll(async () => {
  browser = await startBrowser()
  service = await runService({}, {
    alerts: {
      evaluateSeconds: 1,
      pendingSeconds: 1,
      keepFiringSeconds: 2,
      silenceSeconds: 4,
      // The disk of the machine is none of the test.
      diskFreePercentMin: 0
    }
  })
})
afterAll(async () => {
  await service.stop()
  await browser.close()
})

async function openAlerts (role: 'operator' | 'statistician', language: 'en' | 'km'): Promise<OpenPage> {
  const opened = await openPage(browser)
  onTestFinished(async () => { await opened.context.close() })
  opened.page.setDefaultTimeout(DEADLINE_MS)
  await opened.page.goto(`${service.address}/alerts?lang=${language}#token=${await service.token(role)}`)
  return opened
}

describe('an alert on the page', () => {
  it('is raised, acknowledged and cleared while it is open', { timeout: 240_000 }, async () => {
    const { page, complaints } = await openAlerts('operator', 'en')
    const other = await openAlerts('statistician', 'km')
    await page.getByText('No alerts').waitFor()
    let ordinal = 0
    const send = async (): Promise<void> => { await service.send([recentCrossing(`alerts-${++ordinal}`, { checkpoint: AIRPORT })]) }
    await send()

    const raised = page.locator('li[data-state=firing]', { hasText: 'Silent feed' })
    await raised.waitFor()
    const id = await raised.getAttribute('data-alert')
    const alert = page.locator(`li[data-alert="${id}"]`)
    expect(await alert.textContent()).toContain('critical')
    await other.page.locator(`li[data-alert="${id}"]`, { hasText: 'គ្មានទិន្នន័យចូល' }).waitFor()
    expect(await other.page.locator('[data-acknowledge]').count()).toBe(0)

    await alert.locator('[data-acknowledge]').click()
    await page.keyboard.type('called the gate')
    await page.keyboard.press('Enter')
    await alert.getByText('called the gate').waitFor()
    await other.page.locator(`li[data-alert="${id}"]`, { hasText: 'called the gate' }).waitFor()

    await until(async () => {
      await send()
      return await alert.getAttribute('data-state') === 'resolved' ? true : undefined
    }, DEADLINE_MS / 1000)
    expect(await alert.textContent()).toContain('called the gate')
    const { alerts } = await (await service.get('/v1/alerts', 'operator')).json() as { alerts: { id: string, subject: string, state: string }[] }
    expect(alerts.find(each => each.id === id)).toMatchObject({ subject: AIRPORT, state: 'resolved' })
    expect([...complaints, ...other.complaints]).toEqual([])
  })
})
