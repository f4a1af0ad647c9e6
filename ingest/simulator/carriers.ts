// Flights, coaches and boats: plausible numbers for the carrier field.
import { NATIONALITIES, type Lane } from './calibration.ts'
import type { Message } from './message.ts'
import { piece, pieces, put, putNumber, type Pen } from './pen.ts'

const FLIGHTS: Record<string, string[]> = {
  THA: ['TG', 'PG', 'FD'],
  VNM: ['VN', 'VJ'],
  CHN: ['CZ', 'MU', 'CA', '3U'],
  LAO: ['QV'],
  SGP: ['SQ', 'TR'],
  KOR: ['KE', 'OZ'],
  MYS: ['MH', 'AK'],
  HKG: ['CX', 'UO'],
  TWN: ['CI', 'BR'],
  JPN: ['NH'],
  ARE: ['EK']
}
const open = (name: string): string => `,"carrier":"${name} `
const AIRLINES = NATIONALITIES.map(entry => pieces((FLIGHTS[entry.code] ?? ['K6']).map(open)))
const COACHES = pieces(['Giant Ibis', 'Mekong Express', 'Virak Buntham', 'Phnom Penh Sorya', 'Kumho Samco'].map(open))
const BOATS = pieces(['Hang Chau', 'Blue Cruiser', 'Victoria Sprite', 'Mekong Navigator'].map(open))
const NONE = piece(',"carrier":null')
const QUOTE = piece('"')

/** `,"carrier":…`: a flight, boat or coach, or null for who comes on foot or in a car of their own. */
export function putCarrier (pen: Pen, { route }: Lane, { country, detail }: Message): void {
  const number = (detail >>> 4) % 900
  if (route !== 'air' && route !== 'water' && detail % 100 >= 45) return put(pen, NONE)
  const names = route === 'air' ? AIRLINES[country]! : route === 'water' ? BOATS : COACHES
  put(pen, names[detail % names.length]!)
  putNumber(pen, route === 'air' ? 100 + number : 10 + number % 60)
  put(pen, QUOTE)
}
