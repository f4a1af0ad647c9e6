// Alerts: what fires, since when, and who is looking after it.
import { signal } from '@preact/signals'
import type { Board } from '../../../board/board-schema.ts'
import { acknowledgeAlert } from '../api.ts'
import type { Alert } from '../types.ts'
import type { Tone } from '../judge/verdict.ts'
import { Mark } from '../parts/mark.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { addressOf } from '../state/address.ts'
import { alerts } from '../state/live.ts'
import { session } from '../state/session.ts'
import { format, kiosk, nameOf, words } from '../state/taste.ts'

const ORDER = ['firing', 'no_data', 'pending', 'resolved']
/** Who looks after the border acknowledges. */
const MAY_ACKNOWLEDGE = ['operator', 'administrator']
const editing = signal<string | null>(null)
const failed = signal(false)

export function Alerts ({ board }: { board: Board }) {
  const text = words.value
  const sorted = [...alerts.value].sort((a, b) =>
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || severity(b) - severity(a) || b.since.localeCompare(a.since))
  const open = sorted.filter(({ state }) => state !== 'resolved')
  const resolved = sorted.filter(({ state }) => state === 'resolved')
  return (
    <>
      <h1>{text.pages.alerts}</h1>
      <Verdict board={board} />
      <section class='card' aria-labelledby='open-heading'>
        <h2 id='open-heading'>{text.alertsOpen}</h2>
        {open.length === 0 ? <p><Mark tone='good' /> {text.noAlerts}</p> : <List board={board} of={open} />}
      </section>
      {resolved.length > 0 && (
        <section class='card' aria-labelledby='resolved-heading'>
          <h2 id='resolved-heading'>{text.alertsResolved}</h2><List board={board} of={resolved} />
        </section>)}
    </>
  )
}

const severity = (alert: Alert): number => alert.severity === 'critical' ? 1 : 0

function toneOf ({ state, severity }: Alert): Tone {
  if (state === 'resolved') return 'good'
  if (state !== 'firing') return 'unknown'
  return severity === 'critical' ? 'bad' : 'watch'
}

function List ({ board, of }: { board: Board, of: Alert[] }) {
  return <ul class='alerts'>{of.map(alert => <Item key={alert.id} board={board} alert={alert} />)}</ul>
}

function Item ({ board, alert }: { board: Board, alert: Alert }) {
  const text = words.value
  const { moment } = format.value
  const { state, acknowledgedAt, acknowledgedBy, value, threshold, unit } = alert
  const tone = toneOf(alert)
  return (
    <li class={`alert tone-${tone}`} data-alert={alert.id} data-state={state}>
      <Mark tone={tone} big />
      <div>
        <h3>{text.alertKinds[alert.kind] ?? alert.kind}{alert.subject !== '' && <>: <Subject board={board} subject={alert.subject} /></>}</h3>
        <p>
          <b>{text.alertStates[state] ?? state}</b> · {text.severities[alert.severity] ?? alert.severity} ·
          {' '}{text.since(moment(alert.since))}
          {state === 'resolved' && alert.resolvedAt !== null && <> – {moment(alert.resolvedAt)}</>}
          {value !== null && threshold !== null && <> · {text.valueOf(amount(value, unit), amount(threshold, unit))}</>}
        </p>
        {acknowledgedAt !== null && (
          <p class='acknowledged'>{text.acknowledged(acknowledgedBy ?? '', moment(acknowledgedAt))}{alert.note !== null && alert.note !== '' && <>: “{alert.note}”</>}</p>)}
        {acknowledgedAt === null && state !== 'resolved' && mayAcknowledge() && <Acknowledge id={alert.id} />}
      </div>
    </li>
  )
}

/** A value in its unit, as people read it. */
function amount (value: number, unit: Alert['unit']): string {
  const { number, duration, rough, share } = format.value
  if (unit === 'seconds') return duration(value)
  if (unit === 'percent') return share(value / 100)
  return unit === null ? rough(value) : words.value.alertAmounts[unit](number(value))
}

const mayAcknowledge = (): boolean =>
  !kiosk.value && session.value.is === 'in' && MAY_ACKNOWLEDGE.includes(session.value.session.role)

function Subject ({ board, subject }: { board: Board, subject: string }) {
  const gate = board.checkpoints[subject]
  return gate === undefined ? <>{subject}</> : <a href={addressOf('ranges', { gate: subject })}>{nameOf(gate)}</a>
}

function Acknowledge ({ id }: { id: string }) {
  const text = words.value
  if (editing.value !== id) {
    return <button type='button' data-acknowledge onClick={() => { editing.value = id }}>{text.acknowledge}</button>
  }
  function submit (event: SubmitEvent): void {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get('note') ?? '').trim()
    failed.value = false
    acknowledgeAlert(id, note).then(() => { editing.value = null }, () => { failed.value = true })
  }
  return (
    <form onSubmit={submit} class='acknowledge'>
      <label class='field'>{text.note}
        <input name='note' maxLength={500} ref={input => { input?.focus() }} aria-describedby='note-help' />
      </label>
      <small id='note-help'>{text.noteHelp}</small>
      <p class='buttons'>
        <button type='submit'>{text.acknowledge}</button>
        <button type='button' class='plain' onClick={() => { editing.value = null }}>{text.cancel}</button>
      </p>
      {failed.value && <p role='alert' class='problem'>{text.acknowledgeFailed}</p>}
    </form>
  )
}
