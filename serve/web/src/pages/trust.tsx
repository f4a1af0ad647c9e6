// Trust: who reports, how late, what waits, and whether the figures agree with themselves.
import type { Board, Feed } from '../../../board/board-schema.ts'
import { gatesWhere } from '../judge/verdict.ts'
import { Downloads } from '../parts/downloads.tsx'
import { FEED_TONES, FeedMark, Mark } from '../parts/mark.tsx'
import { Quarantine } from '../parts/quarantine.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { addressOf } from '../state/address.ts'
import { format, nameOf, words } from '../state/taste.ts'

const STATES = ['silent', 'late', 'live', 'closed', 'unknown'] as const

export function Trust ({ board }: { board: Board }) {
  const text = words.value
  return (
    <>
      <h1>{text.pages.trust}</h1>
      <Verdict board={board} />
      <Process board={board} />
      <section class='card' aria-labelledby='feeds-heading'>
        <div class='heading'><h2 id='feeds-heading'>{text.feedsOf}</h2><Downloads name='feeds' csv={() => csvOf(board)} /></div>
        <ul class='meanings'>
          {STATES.map(state => <li key={state}><FeedMark state={state} /> {text.feedMeanings[state]}</li>)}
        </ul>
        <FeedTable label={text.feedsOf} first={text.gate} rows={gateRows(board)} />
      </section>
      {Object.keys(board.feeds).length > 0 && (
        <section class='card' aria-labelledby='other-feeds-heading'>
          <h2 id='other-feeds-heading'>{text.otherFeeds}</h2>
          <FeedTable label={text.otherFeeds} first={text.source} rows={otherRows(board)} />
        </section>)}
      <div class='columns halves'><Sources board={board} /><Quarantine quarantine={board.quarantine} /></div>
    </>
  )
}

function gateRows (board: Board): FeedRow[] {
  return STATES.flatMap(state => gatesWhere(board, ({ feed }) => feed.state === state)).flatMap(code => {
    const gate = board.checkpoints[code]
    return gate === undefined ? [] : [{ code, name: nameOf(gate), feed: gate.feed }]
  })
}

const otherRows = (board: Board): FeedRow[] =>
  Object.entries(board.feeds).map(([code, feed]) => ({ code, name: code, feed, linked: false }))

function Process ({ board }: { board: Board }) {
  const text = words.value
  const { moment, duration, number } = format.value
  const { ok, at, failing } = board.integrity
  const check = ok === null ? text.integrityNone : ok ? text.integrityOk : text.integrityBad(failing.join(', '))
  return (
    <dl class='card facts'>
      <div><dt>{text.loadedThrough}</dt><dd>{board.loadedThrough === null ? '–' : moment(board.loadedThrough)}</dd></div>
      <div><dt>{text.lag}</dt><dd>{duration(board.derivationLagSeconds)}</dd></div>
      <div><dt>{text.integrity}</dt><dd><Mark tone={ok === null ? 'unknown' : ok ? 'good' : 'bad'} /> {check}{at !== null && <small> {moment(at)}</small>}</dd></div>
      <div><dt>{text.gapsOpen}</dt><dd>{board.gapsOpen > 0 && <Mark tone='bad' />} {number(board.gapsOpen)}</dd></div>
      <div><dt>{text.lastRestart}</dt><dd>{moment(board.startedAt)}</dd></div>
    </dl>
  )
}

interface FeedRow { code: string, name: string, feed: Feed, linked?: boolean }

function FeedTable ({ label, first, rows }: { label: string, first: string, rows: FeedRow[] }) {
  const text = words.value
  const { rough, number, moment, duration } = format.value
  const seconds = (value: number | null): string => value === null ? '–' : duration(value)
  return (
    <div class='scroll' tabIndex={0} role='group' aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{first}</th><th scope='col'>{text.state}</th><th scope='col' class='n'>{text.seenOfExpected}</th>
            <th scope='col'>{text.lastEvent}</th><th scope='col' class='n'>{text.delayDesk}</th><th scope='col' class='n'>{text.delayBoard}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ code, name, feed, linked = true }) => (
            <tr key={code} data-feed={code} data-state={feed.state} class={`row-${FEED_TONES[feed.state]}`}>
              <th scope='row'>{linked ? <a href={addressOf('ranges', { gate: code })}>{name}</a> : name}</th>
              <td><FeedMark state={feed.state} />{feed.silentSince !== null && <small class='block'>{text.silentSince(moment(feed.silentSince))}</small>}</td>
              <td class='n'>{feed.seen === null ? '–' : number(feed.seen)} / {feed.expected === null ? '–' : rough(feed.expected)}</td>
              <td>{feed.lastOccurredAt === null ? '–' : moment(feed.lastOccurredAt)}</td>
              <td class='n'>{seconds(feed.delayDeskSeconds)}</td>
              <td class='n'>{seconds(feed.delayBoardSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Sources ({ board }: { board: Board }) {
  const text = words.value
  const { number, moment } = format.value
  return (
    <section class='card' aria-labelledby='sources-heading'>
      <h2 id='sources-heading'>{text.sources}</h2>
      <div class='scroll' tabIndex={0} role='group' aria-labelledby='sources-heading'>
        <table>
          <thead><tr><th scope='col'>{text.source}</th><th scope='col'>{text.state}</th><th scope='col' class='n'>{text.waiting}</th><th scope='col'>{text.lastActivity}</th></tr></thead>
          <tbody>
            {Object.entries(board.sources).map(([name, { state, lag, lastActivity }]) => (
              <tr key={name}>
                <th scope='row'>{name}</th>
                <td><Mark tone={state === 'failing' ? 'bad' : state === 'stopped' ? 'watch' : 'good'} /> {text.sourceStates[state] ?? state}</td>
                <td class='n'>{lag === null ? '–' : number(lag)}</td>
                <td>{lastActivity === null ? '–' : moment(lastActivity)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function csvOf (board: Board): (string | number | null)[][] {
  return [
    ['feed', 'state', 'seen', 'expected', 'silent_since', 'last_occurred_at', 'last_received_at', 'delay_desk_seconds', 'delay_board_seconds'],
    ...[...gateRows(board), ...otherRows(board)]
      .map(({ code, feed }) => [code, feed.state, feed.seen, feed.expected, feed.silentSince, feed.lastOccurredAt,
        feed.lastReceivedAt, feed.delayDeskSeconds, feed.delayBoardSeconds])
  ]
}
