// A real Chromium for tests of the page, and what every page must hold: no violation of its policy, no error.
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM_FILE ?? '/usr/bin/chromium'

export interface OpenPage {
  page: Page
  context: BrowserContext
  /** What the console and the content security policy complained about so far. */
  complaints: string[]
}

/** Starts the browser; to be closed by who started it. */
export async function startBrowser (): Promise<Browser> {
  return await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'] })
}

/** A page in a context of its own: no cookies, no storage, a language and a size. */
export async function openPage (browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce', ...options
  })
  const page = await context.newPage()
  const complaints: string[] = []
  // What a lost or refused connection prints is no fault of the page.
  page.on('console', message => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_|net::/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', error => { complaints.push(String(error)) })
  await page.addInitScript(`document.addEventListener('securitypolicyviolation', event => {
    console.error('policy violated: ' + event.violatedDirective + ' ' + event.blockedURI)
  })`)
  return { page, context, complaints }
}
