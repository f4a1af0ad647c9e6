// Who crosses today, by nationality or visa class. Counts below five are not told apart; a wall screen has none.
import { signal } from '@preact/signals'
import type { Board, SmallCount } from '../../../board/board-schema.ts'
import { format, kiosk, nameOf, words } from '../state/taste.ts'
import { Downloads } from './downloads.tsx'

type Entries = Board['nationalities']
const ROWS_FIRST = 8
const open = signal<Record<string, boolean>>({})

export function Mix ({ heading, name, entries }: { heading: string, name: string, entries: Entries }) {
  const text = words.value
  const sorted = Object.entries(entries).sort(([, a], [, b]) => size(b) - size(a))
    .filter(([, { arrivals, departures }]) => !kiosk.value || !('below' in arrivals) || !('below' in departures))
  const all = open.value[name] === true
  const rows = all && !kiosk.value ? sorted : sorted.slice(0, ROWS_FIRST)
  const most = Math.max(1, ...sorted.flatMap(([, { arrivals, departures }]) => [atMost(arrivals), atMost(departures)]))
  return (
    <section class='card' aria-labelledby={name}>
      <div class='heading'>
        <h2 id={name}>{heading}</h2>
        <Downloads name={name} csv={() => csvOf(sorted)} />
      </div>
      <div class='scroll' tabIndex={0} role='group' aria-labelledby={name}>
        <table class='mix'>
          <thead>
            <tr>
              <th scope='col'><span class='hidden'>{heading}</span></th>
              <th scope='col' class='n'>{text.arrivals}</th><th scope='col' class='n'>{text.exits}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([code, entry]) => (
              <tr key={code}>
                <th scope='row'>{code === 'unknown' ? text.others : nameOf(entry)}
                  <svg class='share-bar' viewBox='0 0 100 8' preserveAspectRatio='none' aria-hidden='true'>
                    <rect class='arrivals' width={100 * atMost(entry.arrivals) / most} height='3.4' />
                    <rect class='departures' y='4.6' width={100 * atMost(entry.departures) / most} height='3.4' />
                  </svg>
                </th>
                <td class='n'><Count of={entry.arrivals} /></td><td class='n'><Count of={entry.departures} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > ROWS_FIRST && !kiosk.value && (
        <button type='button' class='plain' aria-expanded={all} onClick={() => { open.value = { ...open.value, [name]: !all } }}>
          {all ? text.showFewer : text.showAll(format.value.number(sorted.length))}
        </button>)}
    </section>
  )
}

function Count ({ of }: { of: SmallCount }) {
  if ('value' in of) return <>{format.value.number(of.value)}</>
  return <>{kiosk.value ? '–' : words.value.small(format.value.number(of.below))}</>
}

const atMost = (count: SmallCount): number => 'value' in count ? count.value : count.below - 1
const size = ({ arrivals, departures }: Entries[string]): number => atMost(arrivals) + atMost(departures)
const cell = (count: SmallCount): string | number => 'value' in count ? count.value : `<${count.below}`

function csvOf (rows: [string, Entries[string]][]): (string | number)[][] {
  return [['code', 'name_en', 'name_km', 'arrivals', 'exits'],
    ...rows.map(([code, { nameEn, nameKm, arrivals, departures }]) =>
      [code, nameEn, nameKm, cell(arrivals), cell(departures)])]
}
