// Takes the pictures of docs/screenshots: every page in both languages, light and dark, on a desk and a phone.
// `npm run screenshots`, after `npm run build`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../../core/package-root.ts'
import { openPage, startBrowser } from '../support/browser.ts'
import { troubledBoard } from './fixture-board.ts'
import { fixtureAlert, startFixtureServer } from './fixture-server.ts'

const PAGES = ['now', 'trust', 'alerts', 'surges', 'ranges', 'report'] as const
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const
const QUALITY = 62

/** Writes the pictures into a folder; `only` limits them to names that hold it. */
export async function takeScreenshots (folder: string, only = ''): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  const server = await startFixtureServer({ simulated: true })
  server.setBoard(troubledBoard())
  server.setAlerts([
    fixtureAlert(),
    fixtureAlert({ id: 'alert-2', kind: 'returnee_surge', subject: 'KHC-DNG', since: '2026-11-22T05:30:00.000Z', value: 54, threshold: 30, unit: 'persons' }),
    fixtureAlert({ id: 'alert-3', kind: 'disk', subject: '', state: 'resolved', since: '2026-11-21T02:00:00.000Z', resolvedAt: '2026-11-21T03:40:00.000Z', value: null, threshold: null, acknowledgedBy: 'Sok Dara', acknowledgedAt: '2026-11-21T02:10:00.000Z', note: 'Old backups moved' })
  ])
  const browser = await startBrowser()
  const written: string[] = []
  try {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const theme of ['light', 'dark'] as const) {
        for (const lang of ['en', 'km']) {
          const { page, context } = await openPage(browser, { viewport, colorScheme: theme })
          for (const name of PAGES) {
            const file = `${name}-${lang}-${theme}-${size}.webp`
            if (!file.includes(only)) continue
            await page.goto(`${server.address}/${name}?lang=${lang}`)
            await page.locator('main h1').first().waitFor({ state: 'attached' })
            await page.waitForFunction(() => document.fonts.status === 'loaded' &&
              document.querySelector('main .map-space, main .chart-space, main [role=status]') === null &&
              [...document.querySelectorAll('main .canvas')].every(box => box.querySelector('canvas') !== null))
            const png = await page.screenshot({ fullPage: true })
            await savePicture(page, png, join(folder, file))
            written.push(file)
          }
          await context.close()
        }
      }
    }
  } finally {
    await browser.close()
    await server.close()
  }
  return written
}

/** The browser itself makes the PNG a smaller WebP. */
async function savePicture (page: Awaited<ReturnType<typeof openPage>>['page'], png: Buffer, file: string): Promise<void> {
  const data = await page.evaluate(async ({ base64, quality }) => {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    canvas.getContext('2d')?.drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', quality / 100)
  }, { base64: png.toString('base64'), quality: QUALITY })
  writeFileSync(file, Buffer.from(data.split(',')[1] ?? '', 'base64'))
}

export const SCREENSHOTS = packageFile('docs/screenshots')
