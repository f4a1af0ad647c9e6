// A chart as a PNG: drawn by the browser's own canvas, which shapes Khmer as the page does.
const FONT = '"Noto Sans Khmer Variable", system-ui, sans-serif'
const MARGIN = 24
/** Twice the size of the page, for paper. */
const SCALE = 2
const LINE = 24

export interface Picture {
  heading: string
  parts: { canvas: HTMLCanvasElement, caption: string }[]
  foot: string
  /** What to write over a picture of simulated figures; null for real ones. */
  simulated: string | null
}

/** The picture on the page's own background. Null if the browser makes none. */
export async function drawPicture ({ heading, parts, foot, simulated }: Picture): Promise<Blob | null> {
  await document.fonts.ready
  const style = getComputedStyle(document.documentElement)
  const [ink, muted, surface] = ['--ink', '--muted', '--surface'].map(name => style.getPropertyValue(name).trim())
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  const wide = Math.max(480, ...parts.map(({ canvas: { width } }) => width / devicePixelRatio))
  if (context === null) return null
  context.font = `14px ${FONT}`
  const captions = parts.map(({ caption }) => lines(context, caption, wide))
  const heights = parts.map(({ canvas: { height } }, i) =>
    height / devicePixelRatio + (captions[i]?.length ?? 0) * LINE + 16)
  const high = MARGIN * 2 + 40 + (simulated === null ? 1 : 2) * LINE + heights.reduce((sum, height) => sum + height, 0)
  canvas.width = (wide + MARGIN * 2) * SCALE
  canvas.height = high * SCALE
  context.scale(SCALE, SCALE)
  context.fillStyle = surface ?? '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  let y = MARGIN + 18
  const write = (text: string, font: string, colour = ink ?? '#000'): void => {
    context.font = `${font} ${FONT}`
    context.fillStyle = colour
    context.fillText(text, MARGIN, y)
    y += LINE
  }
  write(heading, '600 20px')
  y += 8
  if (simulated !== null) write(simulated, '600 14px', '#b23a00')
  for (const [i, part] of parts.entries()) {
    for (const line of captions[i] ?? []) write(line, '14px')
    const height = part.canvas.height / devicePixelRatio
    context.drawImage(part.canvas, MARGIN, y - LINE / 2, part.canvas.width / devicePixelRatio, height)
    y += height + 16
  }
  write(`borderflow · ${foot}`, '12px', muted)
  return await new Promise(resolve => { canvas.toBlob(resolve, 'image/png') })
}

/** Lines that fit; broken between words as the language has them, for Khmer writes none of the spaces. */
function lines (context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const words = [...new Intl.Segmenter(document.documentElement.lang, { granularity: 'word' }).segment(text)]
  const found: string[] = ['']
  for (const { segment } of words) {
    const line = `${found.at(-1) ?? ''}${segment}`
    if (context.measureText(line).width <= width) found[found.length - 1] = line
    else found.push(segment.trimStart())
  }
  return found
}
