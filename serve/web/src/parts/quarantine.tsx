// What waits in quarantine, why, and how it is replayed. What an entry holds is never shown here.
import type { Board } from '../../../board/board-schema.ts'
import { format, words } from '../state/taste.ts'

export function Quarantine ({ quarantine }: { quarantine: Board['quarantine'] }) {
  const text = words.value
  const { number, share, moment } = format.value
  const reasons = Object.entries(quarantine.byReason).sort(([, a], [, b]) => b - a)
  return (
    <section class='card' aria-labelledby='quarantine-heading'>
      <h2 id='quarantine-heading'>{text.quarantine}</h2>
      <dl class='periods'>
        <div><dt>{text.open}</dt><dd>{number(quarantine.open)}</dd></div>
        <div><dt>{text.shareToday}</dt><dd>{share(quarantine.share)}</dd></div>
        <div><dt>{text.newest}</dt><dd>{quarantine.newest === null ? '–' : moment(quarantine.newest)}</dd></div>
      </dl>
      {reasons.length === 0
        ? <p>{text.noQuarantine}</p>
        : (
          <>
            <table>
              <thead><tr><th scope='col'>{text.reason}</th><th scope='col' class='n'>{text.messages}</th></tr></thead>
              <tbody>{reasons.map(([reason, messages]) => <tr key={reason}><th scope='row'><code>{reason}</code></th><td class='n'>{number(messages)}</td></tr>)}</tbody>
            </table>
            <p class='fine'>{text.replayHelp} <code>borderflow quarantine replay --reason {reasons[0]?.[0]}</code></p>
          </>)}
    </section>
  )
}
