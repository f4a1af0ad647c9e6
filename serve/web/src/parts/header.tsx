// The top of the page: name, pages, whether it is live, and how it is shown.
import { alerts, ageSeconds, board, connection, nowMs } from '../state/live.ts'
import { addressOf, page, PAGES, setParameter } from '../state/address.ts'
import { session, signOut } from '../state/session.ts'
import { choose, digits, format, kiosk, language, theme, words } from '../state/taste.ts'
import { Mark } from './mark.tsx'

export function Header () {
  const text = words.value
  return (
    <header class='top'>
      <a class='brand' href={addressOf('now')}>
        <img src='/icon.svg' alt='' width='28' height='28' /><span><b>borderflow</b><small>{text.title}</small></span>
      </a>
      <nav aria-label={text.navigation}>
        <ul>
          {PAGES.map(name => (
            <li key={name}>
              <a href={addressOf(name)} aria-current={page.value === name ? 'page' : undefined}>
                {text.pages[name]}{name === 'alerts' && <OpenAlerts />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Liveness />
      {!kiosk.value && <Settings />}
    </header>
  )
}

function OpenAlerts () {
  const open = alerts.value.filter(({ state, acknowledgedAt }) => state !== 'resolved' && state !== 'pending' && acknowledgedAt === null)
  return open.length === 0 ? null : <span class='count'>{format.value.number(open.length)}</span>
}

/** Live or lost, and the time at which the figures stand: a board without a clock cannot be told from a stopped one. */
function Liveness () {
  const text = words.value
  const is = connection.value
  const tone = is === 'live' ? 'good' : is === 'lost' ? 'bad' : 'unknown'
  const label = is === 'live' ? text.live : is === 'lost' ? text.lost : text.connecting
  const at = board.value === null ? nowMs.value : Date.parse(board.value.at) + ageOfBoard()
  return (
    <p class={`liveness tone-${tone}`}>
      <Mark tone={tone} /><b>{label}</b>
      <time title={text.clock} data-clock>{format.value.clock(at)}</time>
      {is === 'lost' && <span>{format.value.duration(ageSeconds.value)}</span>}
    </p>
  )
}

/** A lost board's clock stands where its figures stand. */
const ageOfBoard = (): number => connection.value === 'live' && ageSeconds.value < 60 ? ageSeconds.value * 1000 : 0

function Settings () {
  const text = words.value
  const other = language.value === 'km' ? 'en' : 'km'
  const state = session.value
  return (
    <div class='settings'>
      <button type='button' class='plain' lang={other} data-language={other} onClick={() => { choose('lang', other) }}>
        {other === 'km' ? 'ភាសាខ្មែរ' : 'English'}
      </button>
      <details>
        <summary>{text.settings}</summary>
        <div class='menu'>
          <Choice label={text.theme} value={theme.value} options={text.themes} choose={value => { choose('theme', value) }} />
          <Choice label={text.digits} value={digits.value} options={text.digitKinds} choose={value => { choose('digits', value) }} />
          <button type='button' onClick={() => { setParameter('kiosk', '1') }}>{text.wall}</button>
          {state.is === 'in' && <p>{text.signedInAs(state.session.name)}</p>}
          <button type='button' data-sign-out onClick={() => { void signOut() }}>{text.signOut}</button>
        </div>
      </details>
    </div>
  )
}

function Choice ({ label, value, options, choose }: {
  label: string, value: string, options: Record<string, string>, choose: (value: string) => void
}) {
  return (
    <label class='field'>{label}
      <select value={value} onChange={event => { choose(event.currentTarget.value) }}>
        {Object.entries(options).map(([name, shown]) => (
          <option key={name} value={name} selected={name === value}>{shown}</option>
        ))}
      </select>
    </label>
  )
}
