// The lineage as a picture: boxes in layers from left to right, contracts first, and a line for each step. Readable in
// light and dark, and by those who hear it: a title, and a description that says every step in words.
import type { Explanation } from './explanation.ts'
import type { Lineage, LineageNode, NodeKind } from './lineage.ts'

const BOX = { width: 176, height: 44, gapX: 56, gapY: 18, margin: 16 }

const KINDS: Readonly<Record<NodeKind, string>> = {
  contract: 'contract',
  facts: 'fact table',
  view: 'view',
  walk: 'walk',
  derived: 'derived table',
  reference: 'reference',
  table: 'published table'
}

const STYLE = `
    svg { font: 13px system-ui, sans-serif; color: #1b1f24; background: #ffffff }
    rect { fill: #f3f5f8; stroke: currentColor }
    .contract rect { fill: #dceaf9 } .walk rect { fill: #fbe9cf } .table rect { fill: #d9f0df; stroke-width: 2.5 }
    .reference rect { stroke-dasharray: 4 3 }
    text { fill: currentColor; text-anchor: middle } .kind { font-size: 11px }
    path { fill: none; stroke: currentColor; stroke-opacity: .55; stroke-width: 1.4 } marker path { fill: currentColor; stroke: none; fill-opacity: .7 }
    @media (prefers-color-scheme: dark) {
      svg { color: #e8ecf1; background: #14181d }
      rect { fill: #252b33 } .contract rect { fill: #163a5c } .walk rect { fill: #574019 } .table rect { fill: #17492a }
    }`

interface Place { node: LineageNode, x: number, y: number }

/** An SVG document, with nothing that is fetched from elsewhere. */
export function lineageSvg ({ id, title, lineage }: Explanation): string {
  const layers = layersOf(lineage)
  const rows = Math.max(...layers.map(layer => layer.length))
  const width = 2 * BOX.margin + layers.length * BOX.width + (layers.length - 1) * BOX.gapX
  const height = 2 * BOX.margin + rows * BOX.height + (rows - 1) * BOX.gapY
  const places = new Map(layers.flatMap((layer, column) => layer.map((node, row): [string, Place] => [node.id, {
    node,
    x: BOX.margin + column * (BOX.width + BOX.gapX),
    y: height / 2 + (row - layer.length / 2) * (BOX.height + BOX.gapY) + BOX.gapY / 2
  }])))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      'role="img" aria-labelledby="title description">',
    `  <title id="title">Lineage of ${escaped(id)}: ${escaped(title.en)}</title>`,
    `  <desc id="description">${escaped(stepsText(lineage))}</desc>`,
    `  <style>${STYLE}\n  </style>`,
    '  <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...lineage.edges.map(({ from, to }) => line(places.get(from)!, places.get(to)!)),
    ...[...places.values()].map(box),
    '</svg>',
    ''
  ].join('\n')
}

/** Nodes by the longest way from where they begin; in a layer by the middle of what they come from. */
function layersOf ({ nodes, edges }: Lineage): LineageNode[][] {
  const depth = new Map<string, number>()
  // Each node stands after those it comes from.
  for (const { id } of nodes) {
    depth.set(id, Math.max(-1, ...edges.filter(({ to }) => to === id).map(({ from }) => depth.get(from)!)) + 1)
  }
  // What begins late stands just before its first use, not with the contracts.
  for (const { id, kind } of nodes.filter(node => node.kind === 'reference')) {
    const uses = edges.filter(({ from }) => from === id).map(({ to }) => depth.get(to)!)
    if (kind === 'reference' && uses.length > 0) depth.set(id, Math.max(0, Math.min(...uses) - 1))
  }
  const layers: LineageNode[][] = Array.from({ length: Math.max(...depth.values()) + 1 }, () => [])
  for (const node of nodes) layers[depth.get(node.id)!]!.push(node)
  const position = new Map<string, number>()
  for (const layer of layers) {
    const middle = new Map(layer.map((node, index) => {
      const sources = edges.filter(({ to }) => to === node.id).map(({ from }) => position.get(from)!)
      return [node.id, sources.length === 0 ? index : sources.reduce((sum, at) => sum + at, 0) / sources.length]
    }))
    layer.sort((a, b) => middle.get(a.id)! - middle.get(b.id)! || (a.id < b.id ? -1 : 1))
    layer.forEach((node, index) => position.set(node.id, index - layer.length / 2))
  }
  return layers
}

function line (from: Place, to: Place): string {
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2]
  const [x2, y2] = [to.x, to.y + BOX.height / 2]
  const bend = Math.max(24, (x2 - x1) / 2)
  return `  <path d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" marker-end="url(#arrow)"/>`
}

function box ({ node, x, y }: Place): string {
  const middle = x + BOX.width / 2
  return `  <g class="${node.kind}"><rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
    `<text x="${middle}" y="${y + 19}">${escaped(node.id)}</text>` +
    `<text class="kind" x="${middle}" y="${y + 35}">${KINDS[node.kind]}</text></g>`
}

function stepsText ({ nodes, edges }: Lineage): string {
  return nodes.flatMap(({ id }) => {
    const from = edges.filter(({ to }) => to === id).map(edge => edge.from)
    return from.length === 0 ? [] : [`${id} comes from ${from.join(', ')}.`]
  }).join(' ')
}

function escaped (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
