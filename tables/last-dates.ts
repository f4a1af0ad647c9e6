// The dates of `last` measures, looked up before the table is asked. Bound as constants they reach into its view, which
// then makes rows of those dates only; as a subquery they would make it compute every date there is.
import { checkQuery } from './check.ts'
import { calendarSql, type Core, type Side, takesLastDates } from './core.ts'
import type { BuildOptions, TableQuery } from './query.ts'

export type LastDates = NonNullable<Core['datesOf']>

/** Reads one column of one statement, as text. */
export type ReadColumn = (sql: string, parameters: string[]) => Promise<string[]>

/** The dates of every side that the query may have; undefined where it needs none. */
export async function lookUpLastDates (query: TableQuery, options: BuildOptions, relation: string, read: ReadColumn):
Promise<LastDates | undefined> {
  const checked = checkQuery(query, options)
  const found = new Map<string, string[]>()
  const sides = [checked.by, []].flatMap(by => [{ by, moved: false }, { by, moved: true }])
    .filter(side => (checked.compare !== undefined || !side.moved) && takesLastDates(checked, side))
  for (const side of sides) {
    const parameters: string[] = []
    const sql = calendarSql({ checked, relation, options, bind: value => `$${parameters.push(value)}` }, side)
    found.set(sideKey(side), await read(
      `select cast("~last" as varchar) from (${sql}) as dates where "~last" is not null order by 1`, parameters))
  }
  return sides.length === 0 ? undefined : side => found.get(sideKey(side))
}

function sideKey ({ by, moved }: Side): string {
  return `${moved} ${by.map(({ name }) => name).join(' ')}`
}
