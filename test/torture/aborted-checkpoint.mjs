// Commits something to the warehouse of a folder, begins a checkpoint that is cut short at a stage, and prints its error.
// Started by checkpoint.test.ts.
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const [folder, stage] = process.argv.slice(2)
const instance = await DuckDBInstance.create(join(folder, 'warehouse.duckdb'), { wal_autocheckpoint: '1GB' })
const connection = await instance.connect()
await connection.run('create table main.checkpoint_probe as select range as n, hash(range) as h from range(100000)')
await connection.run(`set global debug_checkpoint_abort = '${stage}'`)
try {
  await connection.run('checkpoint')
  process.stdout.write('was not cut short\n')
} catch (error) {
  process.stdout.write(`${error.message}\n`)
}
process.exit(0)
