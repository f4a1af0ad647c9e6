// The dated rules as the walks ask for them: by the warehouse's numbers of codes, not by the codes.
import type { CodeLists } from '../../schemas/code-lists/index.ts'

/** Dimension → code → number: what the warehouse hands out. */
export interface RuleCodes {
  state: ReadonlyMap<string, number>
  visa_class: ReadonlyMap<string, number>
}

export interface WalkRules {
  /** Days since 1970-01-01. */
  asOf: number
  /** Number of the state KHM. */
  national: number
  /** Days of a first stay by numbers of visa class and nationality on a day; null where none is set. */
  firstStayDays (visaClass: number, nationality: number, day: number): number | null
}

/** The rules in force at `asOf`. */
export function createWalkRules (
  lists: Pick<CodeLists, 'firstStayDays'>, codeNumbers: RuleCodes, asOf: number
): WalkRules {
  const visaClasses = codesByNumber(codeNumbers.visa_class)
  const states = codesByNumber(codeNumbers.state)
  return {
    asOf,
    national: codeNumbers.state.get('KHM') ?? NaN,
    firstStayDays: (visaClass, nationality, day) =>
      lists.firstStayDays(visaClasses[visaClass] ?? '', states[nationality] ?? '', day)
  }
}

function codesByNumber (numbers: ReadonlyMap<string, number>): string[] {
  const codes: string[] = []
  for (const [code, number] of numbers) codes[number] = code
  return codes
}
