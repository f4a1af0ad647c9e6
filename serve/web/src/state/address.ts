// What is shown is in the address, so that it can be shared and found again by the browser's buttons.
import { batch, signal } from '@preact/signals'

export const PAGES = ['now', 'trust', 'alerts', 'surges', 'ranges', 'report'] as const
export type Page = (typeof PAGES)[number]

export const page = signal<Page>('now')
export const query = signal(new URLSearchParams())

/** Kept on every way through the page: how it is shown, not what. */
const KEPT = ['lang', 'theme', 'digits', 'kiosk']

/** Reads the address; called once at the start and by the browser's buttons. */
export function readAddress (): void {
  const name = location.pathname.slice(1)
  batch(() => {
    page.value = PAGES.find(known => known === name) ?? 'now'
    query.value = new URLSearchParams(location.search)
  })
}

/** The address of a page with what to show; how it is shown stays as it is. */
export function addressOf (to: Page, shown: Record<string, string> = {}): string {
  const next = new URLSearchParams()
  for (const name of KEPT) {
    const value = query.value.get(name)
    if (value !== null) next.set(name, value)
  }
  for (const [name, value] of Object.entries(shown)) next.set(name, value)
  const text = next.toString()
  return `/${to === 'now' ? '' : to}${text === '' ? '' : `?${text}`}`
}

/** Goes there without loading the page anew. */
export function go (address: string): void {
  history.pushState(null, '', address)
  readAddress()
}

/** Sets or (null) takes away one parameter of the present address. */
export function setParameter (name: string, value: string | null): void {
  const next = new URLSearchParams(query.value)
  if (value === null) next.delete(name)
  else next.set(name, value)
  const text = next.toString()
  history.replaceState(null, '', `${location.pathname}${text === '' ? '' : `?${text}`}`)
  query.value = next
}

/** A click on a link of our own goes there by itself; with a modifier the browser does as it always does. */
export function followLinks (event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  const link = (event.target as Element).closest('a')
  if (link === null || link.origin !== location.origin || link.hasAttribute('download') || link.hash !== '') return
  const name = link.pathname.slice(1)
  if (name !== '' && !PAGES.some(known => known === name)) return
  event.preventDefault()
  go(`${link.pathname}${link.search}`)
  window.scrollTo(0, 0)
  document.getElementById('content')?.focus({ preventScroll: true })
}
