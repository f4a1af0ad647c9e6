// Now: what crosses the border at this moment, against what is expected.
import type { Board } from '../../../board/board-schema.ts'
import { Figures } from '../parts/figures.tsx'
import { GateMap } from '../parts/gate-map.tsx'
import { GateTable } from '../parts/gate-table.tsx'
import { Mix } from '../parts/mix.tsx'
import { Modes } from '../parts/modes.tsx'
import { People } from '../parts/people.tsx'
import { TodayChart } from '../parts/today-chart.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { words } from '../state/taste.ts'

export function Now ({ board }: { board: Board }) {
  const text = words.value
  return (
    <>
      <h1 class='hidden'>{text.pages.now}</h1>
      <Verdict board={board} />
      <Figures board={board} />
      <div class='columns map-and-gates'>
        <GateMap board={board} />
        <GateTable board={board} />
      </div>
      <div class='columns halves'>
        <TodayChart board={board} />
        <Modes board={board} />
      </div>
      <People board={board} />
      <div class='columns halves'>
        <Mix heading={text.nationalities} name='nationalities' entries={board.nationalities} />
        <Mix heading={text.visas} name='visa-classes' entries={board.visaClasses} />
      </div>
    </>
  )
}
