// The first thing to read: is the border normal, what is not, can the figures be trusted.
import type { Board } from '../../../board/board-schema.ts'
import { judgeBorder, judgeTrust, type TrustVerdict } from '../judge/verdict.ts'
import { addressOf } from '../state/address.ts'
import { alerts, connection } from '../state/live.ts'
import { format, nameOf, words } from '../state/taste.ts'
import { Mark } from './mark.tsx'

const NAMED_MAX = 3

export function Verdict ({ board }: { board: Board }) {
  const text = words.value.verdict
  const border = judgeBorder(board, alerts.value)
  const trust = judgeTrust(board, connection.value)
  const notNormal = [
    border.surges.length > 0 ? text.surge(gateNames(board, border.surges)) : null,
    border.silent.length > 0 ? text.silent(gateNames(board, border.silent)) : null,
    border.firing > 0 ? text.alerts(format.value.number(border.firing), border.firing === 1) : null
  ].filter(each => each !== null)
  return (
    <section class='verdict' aria-label={text.heading}>
      <a class={`judgement tone-${border.tone}`} href={addressOf(border.is === 'attention' ? 'alerts' : 'ranges')} data-verdict={border.is}>
        <Mark tone={border.tone} big />
        <span><small>{text.border}</small><b>{text[border.is]}</b>
          <span class='why'>{notNormal.length > 0 ? notNormal.join(' · ') : text.nothing}</span>
        </span>
      </a>
      <a class={`judgement tone-${trust.tone}`} href={addressOf('trust')} data-trust={trust.is}>
        <Mark tone={trust.tone} big />
        <span><small>{text.figures}</small><b>{text[trust.is]}</b><span class='why'>{whyTrust(board, trust).join(' · ')}</span></span>
      </a>
    </section>
  )
}

export function gateNames (board: Board, codes: readonly string[]): string {
  const names = codes.slice(0, NAMED_MAX).map(code => nameOf(board.checkpoints[code] ?? { nameEn: code, nameKm: code }))
  const more = codes.length - names.length
  const joined = names.join(', ')
  return more > 0 ? words.value.verdict.more(joined, format.value.number(more)) : joined
}

function whyTrust (board: Board, trust: TrustVerdict): string[] {
  const text = words.value.verdict
  const { number, duration, share } = format.value
  return [
    ...trust.open > 0 ? [text.reporting(number(trust.reporting), number(trust.open))] : [],
    ...trust.late.length > 0 ? [text.late(gateNames(board, trust.late))] : [],
    ...trust.delaySeconds === null ? [] : [text.delay(duration(trust.delaySeconds))],
    ...trust.reasons.map(reason => {
      if (reason === 'gaps') return text.gaps(number(board.gapsOpen))
      if (reason === 'quarantined') return text.quarantined(share(board.quarantine.share))
      if (reason === 'lagging') return text.lagging(duration(board.derivationLagSeconds))
      return text[reason]
    })
  ]
}
