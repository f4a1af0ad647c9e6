// The long run of the property test of the derived tables: `npm run proof -- --histories N --seed S --workers W`. Tries
// histories in parts of 500, each a process of its own with the next seed, and prints what was tried.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const PART_HISTORIES = 500
const TEST = 'test/dags/derivation/equal.test.ts'
const root = fileURLToPath(new URL('../..', import.meta.url))

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) }
  }
})
const wanted = Number(values.histories)
const total = { runs: 0, histories: 0, messages: 0, restarts: 0, refreshes: 0 }
const failed = []
const folder = mkdtempSync(join(tmpdir(), 'borderflow-proof-'))
let nextSeed = Number(values.seed)
let begun = 0

async function work () {
  while (begun < wanted && failed.length === 0) {
    const seed = nextSeed++
    const part = Math.min(PART_HISTORIES, wanted - begun)
    begun += part
    const { code, output } = await runPart(seed, part)
    if (code !== 0) {
      failed.push(seed)
      process.stderr.write(output)
      continue
    }
    const tried = JSON.parse(readFileSync(summaryOf(seed), 'utf8'))
    for (const name of Object.keys(total)) total[name] += tried[name]
    process.stdout.write(`seed ${seed}: ${tried.histories} histories equal, ${total.histories} in all\n`)
  }
}

function runPart (seed, histories) {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', TEST, '--reporter=dot'], {
      cwd: root,
      env: {
        ...process.env,
        BORDERFLOW_HISTORIES: String(histories),
        BORDERFLOW_SEED: String(seed),
        BORDERFLOW_SUMMARY: summaryOf(seed)
      }
    })
    let output = ''
    const take = bytes => { output += bytes }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('close', code => { resolve({ code, output }) })
  })
}

const summaryOf = seed => join(folder, `${seed}.json`)

await Promise.all(Array.from({ length: Number(values.workers) }, work))
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`${total.histories} histories in ${total.runs} runs: ${total.messages} messages, ${total.refreshes} ` +
  `refreshes, ${total.restarts} restarts; ${failed.length === 0 ? 'all equal' : `seed ${failed.join(', ')} failed`}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
