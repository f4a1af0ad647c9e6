// Taking away what is shown: as CSV, and a chart as a picture.
import { format, kiosk, words } from '../state/taste.ts'
import { board } from '../state/live.ts'

type Cell = string | number | null

export function Downloads ({ name, csv, png }: {
  name: string, csv: () => Cell[][], png?: () => Promise<Blob | null>
}) {
  const text = words.value
  if (kiosk.value) return null
  const file = (ending: string): string => `borderflow-${name}-${board.value?.at.slice(0, 16).replaceAll(':', '') ?? ''}.${ending}`
  return (
    <p class='downloads'>
      <button type='button' class='plain' data-download='csv' onClick={() => { save(file('csv'), csvBlob(csv())) }}>{text.downloadCsv}</button>
      {png !== undefined && (
        <button
          type='button' class='plain' data-download='png' onClick={() => {
            void png().then(blob => { if (blob !== null) save(file('png'), blob) })
          }}
        >{text.downloadPng}
        </button>)}
    </p>
  )
}

/** RFC 4180 with a byte order mark, without which spreadsheets take Khmer for something else. */
function csvBlob (rows: Cell[][]): Blob {
  const cell = (value: Cell): string => {
    const shown = value === null ? '' : String(value)
    return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
  }
  const simulated = document.documentElement.dataset.simulated === undefined ? [] : [['SIMULATED']]
  return new Blob(['\ufeff', [...rows.slice(0, 1), ...simulated, ...rows.slice(1)].map(row => row.map(cell).join(',')).join('\r\n'), '\r\n'],
    { type: 'text/csv;charset=utf-8' })
}

function save (name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => { URL.revokeObjectURL(link.href) }, 10_000)
}

/** Says when a downloaded picture's figures stand. */
export const stamp = (at: string): string => words.value.madeAt(format.value.moment(at))
