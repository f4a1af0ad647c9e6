// Joins each case, as the program itself is joined: what is measured starts as what is shipped does, and its threads
// are those of dist/. `tsc` has written .bench/ before.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import program from '../rolldown.config.js'

const cases = readdirSync(join(import.meta.dirname, 'cases')).map(file => file.slice(0, -'.ts'.length))

export default {
  ...program,
  input: Object.fromEntries(cases.map(name => [`bench/cases/${name}`, `bench/cases/${name}.ts`])),
  external: [...program.external, 'playwright-core'],
  output: { ...program.output, dir: '.bench' }
}
