// By mode of travel: last hour, today and seven days.
import type { Board } from '../../../board/board-schema.ts'
import { format, words } from '../state/taste.ts'

const MODES = ['air', 'land', 'river', 'sea'] as const
const PERIODS = ['lastHour', 'today', 'sevenDays'] as const

export function Modes ({ board }: { board: Board }) {
  const text = words.value
  const { number } = format.value
  const present = MODES.filter(mode => board.modes[mode] !== undefined)
  const most = Math.max(1, ...present.map(mode => total(board, mode)))
  return (
    <section class='card' aria-labelledby='modes-heading'>
      <h2 id='modes-heading'>{text.byMode}</h2>
      <div class='scroll' tabIndex={0} role='group' aria-labelledby='modes-heading'>
        <table>
          <thead>
            <tr>
              <th scope='col'>{text.mode}</th>
              {PERIODS.flatMap(period => [
                <th key={`${period} in`} scope='col' class='n'>{text.arrivals}<small>{text[period]}</small></th>,
                <th key={`${period} out`} scope='col' class='n'>{text.exits}<small>{text[period]}</small></th>
              ])}
            </tr>
          </thead>
          <tbody>
            {present.map(mode => (
              <tr key={mode} data-mode={mode}>
                <th scope='row'>{text.modes[mode]}
                  <svg class='share-bar' viewBox='0 0 100 4' preserveAspectRatio='none' aria-hidden='true'>
                    <rect width={100 * total(board, mode) / most} height='4' />
                  </svg>
                </th>
                {PERIODS.flatMap(period => [
                  <td key={`${period} in`} class='n'>{number(board.modes[mode]?.[period].arrivals ?? 0)}</td>,
                  <td key={`${period} out`} class='n'>{number(board.modes[mode]?.[period].departures ?? 0)}</td>
                ])}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function total (board: Board, mode: typeof MODES[number]): number {
  const today = board.modes[mode]?.today
  return today === undefined ? 0 : today.arrivals + today.departures
}
