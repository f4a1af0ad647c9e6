// The long forms of the torture tests: `npm run torture -- --kills N --seeds N --disks N --fuzz N --wal all
// --histories N --seed S`. Only what is named is run, one after the other; prints what was tried and how it ended.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * What each option runs, and the variable by which the tests are told how much. More than `runMax` are several runs, each
 * with a folder, a stream and a seed of its own: a point that a folder passes once is reached in the first of its kills.
 */
const FORMS = {
  kills: { variable: 'BORDERFLOW_TEST_KILLS', files: ['test/process/kill.process.test.ts'], runMax: 50 },
  seeds: { variable: 'BORDERFLOW_TEST_SEEDS', files: ['test/torture/members.kafka.test.ts'] },
  disks: { variable: 'BORDERFLOW_TEST_DISKS', files: ['test/torture/disk.process.test.ts'] },
  wal: { variable: 'BORDERFLOW_TEST_WAL', files: ['test/torture/wal.test.ts'] },
  fuzz: {
    variable: 'BORDERFLOW_TEST_FUZZ',
    files: ['test/torture/fuzz-messages.test.ts', 'test/torture/fuzz-intake.test.ts']
  },
  histories: { variable: 'BORDERFLOW_HISTORIES', files: ['test/dags/derivation/equal.test.ts'] }
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(20260105) },
    ...Object.fromEntries(Object.keys(FORMS).map(name => [name, { type: 'string' }]))
  }
})
const wanted = Object.entries(FORMS).filter(([name]) => values[name] !== undefined)
if (wanted.length === 0) {
  process.stderr.write(`say what to try: ${Object.keys(FORMS).map(name => `--${name} N`).join(', ')}\n`)
  process.exit(2)
}
for (const [name] of wanted) {
  if (/^[1-9]\d*$/.test(values[name]) || (name === 'wal' && values[name] === 'all')) continue
  process.stderr.write(`--${name}: expected a number, found ${values[name]}\n`)
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'borderflow-torture-'))
const summary = join(folder, 'summary.jsonl')
const report = join(folder, 'report.xml')
const results = []
for (const [name, { variable, files, runMax = Infinity }] of wanted) {
  for (const [number, tried] of partsOf(values[name], runMax).entries()) {
    const begun = performance.now()
    const seed = String(Number(values.seed) + number)
    const code = await run(variable, tried, files, seed)
    const { passed, failed, skipped } = countsOf(report)
    rmSync(report, { force: true })
    results.push({
      form: name,
      tried,
      seed,
      minutes: Math.round((performance.now() - begun) / 6000) / 10,
      passed,
      failed,
      skipped,
      // Tests that were skipped have shown nothing.
      result: code === 0 && passed > 0 ? 'passed' : 'FAILED'
    })
  }
}
if (existsSync(summary)) process.stdout.write(`\n${readFileSync(summary, 'utf8')}`)
rmSync(folder, { recursive: true, force: true })
console.table(results)
process.exitCode = results.every(({ result }) => result === 'passed') ? 0 : 1

/** An amount in parts of at most so many. */
function partsOf (amount, most) {
  const whole = Number(amount)
  if (!(whole > most)) return [amount]
  return Array.from({ length: Math.ceil(whole / most) }, (_, i) => String(Math.min(most, whole - i * most)))
}

function run (variable, value, files, seed) {
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...files, '--reporter=default', '--reporter=junit',
    `--outputFile.junit=${report}`]
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      [variable]: value,
      BORDERFLOW_TEST_SEED: seed,
      BORDERFLOW_SEED: seed,
      BORDERFLOW_TEST_SUMMARY: summary
    }
  })
  return new Promise(resolve => { child.on('close', resolve) })
}

/** Tests by their end, of the totals at the head of a JUnit report; none where there is no report. */
function countsOf (path) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const suites = [...text.matchAll(/<testsuite (.*?)>/gs)].map(([, attributes]) => attributes)
  const sum = name => suites.reduce((total, text) => total + Number(new RegExp(` ${name}="(\\d+)"`).exec(text)?.[1] ?? 0), 0)
  const failed = sum('failures') + sum('errors')
  const skipped = sum('skipped')
  return { passed: sum('tests') - failed - skipped, failed, skipped }
}
