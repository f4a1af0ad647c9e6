// States: ICAO 9303 and ISO 3166-1 codes, what they are reported as, and which of them are countries.
import { type CodeListFiles, knownCodes } from './list-files.ts'

export type StateLists = Pick<CodeListFiles, 'states' | 'regions'>

/** Look-ups by code over the list of states. */
export interface States {
  /** The code under which a nationality or issuing state is reported; null if the code is unknown. */
  reportingState(code: string): string | null
  /** True for an ISO 3166-1 alpha-3 code, and for no other code of ICAO 9303. */
  isCountry(code: string): boolean
}

export function createStates ({ states }: StateLists): States {
  const reporting = new Map(states.rows.map(({ entry }) => [entry.code, entry.reportingCode]))
  const countries = new Set(states.rows.filter(({ entry }) => entry.kind === 'iso').map(({ entry }) => entry.code))
  return {
    reportingState: code => reporting.get(code) ?? null,
    isCountry: code => countries.has(code)
  }
}

/** Notes states reported under a code that is not itself reported, and regions that the list of regions lacks. */
export function checkStates ({ states, regions }: StateLists, faults: string[]): void {
  const reported = new Map<string, string>()
  const isRegion = knownCodes(regions)
  for (const { line, entry: { code, reportingCode } } of states.rows) {
    const before = reported.get(code)
    if (before !== undefined && before !== reportingCode) {
      // Messages carry no day on which to choose, and one traveller must keep one key.
      faults.push(`${states.path}:${line}: ${code} is reported as ${before} and as ${reportingCode}`)
    }
    reported.set(code, reportingCode)
  }
  for (const { line, entry } of states.rows) {
    if (states.whole && reported.get(entry.reportingCode) !== entry.reportingCode) {
      faults.push(`${states.path}:${line}: reporting_code ${entry.reportingCode} is no reported state`)
    }
    for (const region of [entry.m49Region, entry.m49SubRegion]) {
      if (region !== '' && !isRegion(region)) faults.push(`${states.path}:${line}: ${region} is no region`)
    }
  }
  for (const { line, entry } of regions.rows) {
    if (entry.parent !== '' && !isRegion(entry.parent)) {
      faults.push(`${regions.path}:${line}: parent ${entry.parent} is no region`)
    }
  }
}
