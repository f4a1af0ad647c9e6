// Projects the map once, when the page is built: provinces.json and world-atlas in, SVG paths out, with the projection
// by which a checkpoint's latitude and longitude become a place on the map.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { geoMercator, geoPath } from 'd3-geo'
import { feature, mesh } from 'topojson-client'
import type { Shapes } from './types.ts'

type Topology = Parameters<typeof feature>[0]
type TopologyObject = Parameters<typeof feature>[1]
interface Shape { type: 'Feature', id?: string | number, properties: null, geometry: never }

/** ISO 3166-1 numeric codes of what lies around: Thailand, Laos, Viet Nam. */
const NEIGHBOURS = ['764', '418', '704']
const WIDTH = 640
const HEIGHT = 540
const MARGIN = 22

/**
 * The map as the page draws it.
 * @param provincesFile path of provinces.json
 */
export function drawShapes (provincesFile: string): Shapes {
  const own = json(provincesFile)
  const world = json(createRequire(import.meta.url).resolve('world-atlas/countries-10m.json'))
  const provinces = own.objects.provinces as TopologyObject
  const shapes = features(own, provinces)
  const projection = geoMercator().fitExtent([[MARGIN, MARGIN], [WIDTH - MARGIN, HEIGHT - MARGIN]],
    { type: 'FeatureCollection', features: shapes })
  projection.clipExtent([[-2, -2], [WIDTH + 2, HEIGHT + 2]])
  const path = geoPath(projection).digits(1)
  const [atX, atY] = projection([0, 0]) as [number, number]
  return {
    width: WIDTH,
    height: HEIGHT,
    projection: { k: round(projection.scale()), x0: round(atX), y0: round(atY) },
    neighbours: features(world, world.objects.countries as TopologyObject)
      .filter(({ id }) => NEIGHBOURS.includes(String(id)))
      .map(shape => ({ code: String(shape.id), path: path(shape) ?? '' })),
    provinces: shapes.map(shape => ({ code: String(shape.id), path: path(shape) ?? '' }))
      .sort((a, b) => Number(a.code.slice(3)) - Number(b.code.slice(3))),
    lines: path(mesh(own, provinces as never, (a, b) => a !== b)) ?? ''
  }
}

function features (topology: Topology, object: TopologyObject): Shape[] {
  return (feature(topology, object) as unknown as { features: Shape[] }).features
}

const round = (value: number): number => Math.round(value * 1000) / 1000
const json = (file: string): Topology => JSON.parse(readFileSync(file, 'utf8')) as Topology
