// The gates on a map of Cambodia. It shows what the table beside it says, and never more.
import { signal } from '@preact/signals'
import type { Board, BoardCheckpoint } from '../../../board/board-schema.ts'
import type { Shapes } from '../../map/types.ts'
import { addressOf } from '../state/address.ts'
import { format, nameOf, words } from '../state/taste.ts'

const shapes = signal<Shapes | null>(null)
let asked = false
const RADIUS_MIN = 4
const RADIUS_MAX = 22
/** A gate that is not heard of must not shrink to nothing. */
const RADIUS_TROUBLED = 9

export function GateMap ({ board }: { board: Board }) {
  const text = words.value
  if (!asked) {
    asked = true
    import('virtual:map-shapes').then(module => { shapes.value = module.default }, () => { asked = false })
  }
  const gates = Object.entries(board.checkpoints)
  const unplaced = gates.filter(([, gate]) => gate.latitude === null).map(([, gate]) => nameOf(gate))
  return (
    <section class='card map' aria-labelledby='map-heading'>
      <h2 id='map-heading'>{text.mapOf}</h2>
      {shapes.value === null ? <p class='map-space' role='status'>{text.loading}</p> : <Drawing shapes={shapes.value} gates={gates} />}
      <p class='fine'>{text.mapExplain}</p>
      <p class='legend' aria-hidden='true'>
        {(['live', 'late', 'silent', 'closed', 'unknown'] as const).map(state => (
          <span key={state}><svg viewBox='-9 -9 18 18'><GateShape state={state} radius={6} surge={false} /></svg>{text.feedStates[state]}</span>
        ))}
      </p>
      <p class='fine'>{unplaced.length > 0 && <>{text.withoutPlace(unplaced.join(', '))}<br /></>}{text.mapSource}</p>
    </section>
  )
}

function Drawing ({ shapes: { width, height, neighbours, provinces, lines, projection }, gates }: {
  shapes: Shapes, gates: [string, BoardCheckpoint][]
}) {
  const most = Math.max(1, ...gates.map(([, gate]) => crossings(gate)))
  const placed = gates.flatMap(([code, gate]) => {
    if (gate.latitude === null || gate.longitude === null) return []
    const least = gate.feed.state === 'silent' || gate.feed.state === 'late' ? RADIUS_TROUBLED : RADIUS_MIN
    const radius = Math.max(least, RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * Math.sqrt(crossings(gate) / most))
    return [{ code, gate, radius, ...place(gate.latitude, gate.longitude, projection) }]
  }).sort((a, b) => b.radius - a.radius)
  return (
    <svg viewBox={`0 0 ${width} ${height}`} class='country' role='group' aria-label={words.value.mapOf}>
      <g aria-hidden='true'>
        {neighbours.map(({ code, path }) => <path key={code} class='neighbour' d={path} />)}
        {provinces.map(({ code, path }) => <path key={code} class='province' d={path} />)}
        <path class='lines' d={lines} />
      </g>
      {placed.map(({ code, gate, radius, x, y }) => (
        <g key={code} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
          <a href={addressOf('ranges', { gate: code })} aria-label={label(gate)} class='gate' data-gate={code}>
            <title>{label(gate)}</title>
            <circle class='target' r={Math.max(12, radius)} />
            <GateShape state={gate.feed.state} radius={radius} surge={gate.surge} />
          </a>
        </g>
      ))}
    </svg>
  )
}

/** Circle: live. Triangle: late. Square: silent. Bar: closed. Ring: not judged. A surge has a ring around it. */
function GateShape ({ state, radius: r, surge }: { state: BoardCheckpoint['feed']['state'], radius: number, surge: boolean }) {
  return (
    <g class={`shape ${state}`}>
      {surge && <circle class='surge' r={r + 4} />}
      {state === 'late' && <path d={`M0 ${-r * 1.15}L${r * 1.1} ${r * 0.8}H${-r * 1.1}z`} />}
      {state === 'silent' && <rect x={-r * 0.9} y={-r * 0.9} width={r * 1.8} height={r * 1.8} />}
      {state === 'closed' && <rect x={-r} y={-r * 0.4} width={r * 2} height={r * 0.8} />}
      {(state === 'live' || state === 'unknown') && <circle r={r} />}
    </g>
  )
}

const crossings = ({ lastHour }: BoardCheckpoint): number => lastHour.arrivals + lastHour.departures

function label (gate: BoardCheckpoint): string {
  const text = words.value
  const { number } = format.value
  return `${nameOf(gate)}: ${text.feedStates[gate.feed.state]}. ${text.lastHour}: ${text.arrivals} ` +
    `${number(gate.lastHour.arrivals)}, ${text.exits} ${number(gate.lastHour.departures)}`
}

function place (latitude: number, longitude: number, { k, x0, y0 }: Shapes['projection']): { x: number, y: number } {
  const radians = (degrees: number): number => degrees * Math.PI / 180
  return { x: x0 + k * radians(longitude), y: y0 - k * Math.log(Math.tan(Math.PI / 4 + radians(latitude) / 2)) }
}
