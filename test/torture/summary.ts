// What a torture test has tried, one line of JSON in the file that BORDERFLOW_TEST_SUMMARY names.
import { appendFileSync } from 'node:fs'

/** Notes what was tried; nothing where no summary is asked for. */
export function note (tried: Record<string, number | string>): void {
  const path = process.env.BORDERFLOW_TEST_SUMMARY
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(tried)}\n`)
}
