// What is not a crossing: refusals, who is in the country, overstays, registrations, returnees.
import type { ComponentChildren } from 'preact'
import type { Board } from '../../../board/board-schema.ts'
import { addressOf } from '../state/address.ts'
import { format, words } from '../state/taste.ts'

type Counts = { lastHour: number, today: number, sevenDays: number }

export function People ({ board }: { board: Board }) {
  const text = words.value
  const { number, day, share } = format.value
  return (
    <div class='columns people'>
      <Card heading={text.inCountry} name='in-country'>
        {board.inCountry === null
          ? <p>{text.notDerived}</p>
          : <><p class='number'>{number(board.inCountry.foreigners)}</p><p class='against'>{text.asOf(day(board.inCountry.asOf))}</p></>}
      </Card>
      <Card heading={text.overstays} name='overstays'><Overstays bands={board.overstays} /></Card>
      <Card heading={text.registrations} name='registrations'>
        <Periods of={board.registrations} />
        {board.registrations.coverageShare !== null && (
          <p class='against'><b class='figure-inline'>{share(board.registrations.coverageShare)}</b> {text.coverage} <small>{text.coverageExplain}</small></p>)}
      </Card>
      <Card heading={text.refusals} name='refusals'><Periods of={board.refusals} /></Card>
      <Card heading={text.returnees} name='returnees'>
        <Periods of={board.returnees} />
        <p><a href={addressOf('surges')}>{text.pages.surges}</a></p>
      </Card>
    </div>
  )
}

function Card ({ heading, name, children }: { heading: string, name: string, children: ComponentChildren }) {
  return <section class='card' aria-labelledby={name} data-card={name}><h2 id={name}>{heading}</h2>{children}</section>
}

function Periods ({ of }: { of: Counts }) {
  const text = words.value
  const { number } = format.value
  return (
    <>
      <p class='number'>{number(of.lastHour)} <small>{text.lastHour}</small></p>
      <dl class='periods'>
        <div><dt>{text.today}</dt><dd>{number(of.today)}</dd></div>
        <div><dt>{text.sevenDays}</dt><dd>{number(of.sevenDays)}</dd></div>
      </dl>
    </>
  )
}

function Overstays ({ bands }: { bands: Board['overstays'] }) {
  const text = words.value
  if (bands === null) return <p>{text.notDerived}</p>
  const most = Math.max(1, ...bands.map(({ people }) => people))
  return (
    <table class='mix'>
      <thead class='hidden'><tr><th scope='col'>{text.overstays}</th><th scope='col'>{text.people}</th></tr></thead>
      <tbody>
        {bands.map(({ lengthBand, people }) => (
          <tr key={lengthBand}>
            <th scope='row'>{text.days(format.value.digits(lengthBand.replace('-', '–')))}
              <svg class='share-bar' viewBox='0 0 100 4' preserveAspectRatio='none' aria-hidden='true'><rect width={100 * people / most} height='4' /></svg>
            </th>
            <td class='n'>{format.value.number(people)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
