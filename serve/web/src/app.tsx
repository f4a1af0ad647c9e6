// The frame of every page: who one is, where one can go, whether the figures are alive.
import { useSignalEffect } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { lazily } from './parts/lazily.tsx'
import { Header } from './parts/header.tsx'
import { Now } from './pages/now.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { followLinks, page, type Page } from './state/address.ts'
import { ageSeconds, board, connection, follow, forbidden } from './state/live.ts'
import { session } from './state/session.ts'
import { digits, format, kiosk, language, theme, words } from './state/taste.ts'
import { en } from './words/en.ts'
import { km } from './words/km.ts'

const LATER: Record<Exclude<Page, 'now'>, ReturnType<typeof lazily>> = {
  trust: lazily(async () => (await import('./pages/trust.tsx')).Trust),
  alerts: lazily(async () => (await import('./pages/alerts.tsx')).Alerts),
  surges: lazily(async () => (await import('./pages/surges.tsx')).Surges),
  ranges: lazily(async () => (await import('./pages/ranges.tsx')).Ranges),
  report: lazily(async () => (await import('./pages/report.tsx')).Report)
}

export function App () {
  useSignalEffect(() => {
    const root = document.documentElement
    root.lang = language.value
    root.dataset.theme = theme.value
    root.dataset.digits = digits.value
    root.toggleAttribute('data-kiosk', kiosk.value)
    document.title = `${words.value.pages[page.value]} · borderflow`
  })
  useSignalEffect(() => session.value.is === 'in' ? follow() : undefined)
  return (
    <div onClick={followLinks}>
      <Simulated />
      {session.value.is === 'in' ? <SignedIn /> : <SignIn />}
    </div>
  )
}

/** Nobody is to take a figure of a demo for a real one: in both languages, on every page and on paper. */
function Simulated () {
  if (document.documentElement.dataset.simulated === undefined) return null
  const [own, other] = language.value === 'km' ? ['km', 'en'] as const : ['en', 'km'] as const
  return (
    <aside class='simulated' aria-label={words.value.simulated}>
      <strong lang={own}>{both[own]}</strong><span lang={other}>{both[other]}</span>
    </aside>
  )
}

const both = { en: en.simulated, km: km.simulated }

function SignedIn () {
  const lost = connection.value === 'lost'
  return (
    <>
      <a class='skip' href='#content'>{words.value.skip}</a>
      <Header />
      <div role='status' aria-live='polite'>
        {lost && <p class='lost-banner'>{words.value.lostLong(format.value.duration(Math.floor(ageSeconds.value / 5) * 5))}</p>}
      </div>
      <main id='content' tabIndex={-1} class={lost ? 'stale' : ''}><Content /></main>
    </>
  )
}

function Content (): ComponentChildren {
  if (forbidden.value) return <p class='card message'>{words.value.forbidden}</p>
  if (board.value === null) return <p class='message' role='status'>{words.value.loading}</p>
  if (page.value === 'now') return <Now board={board.value} />
  const Later = LATER[page.value]
  return <Later board={board.value} />
}
