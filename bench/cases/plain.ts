// Plain DuckDB: the files of a folder into a table by read_json, in a file of its own.
import { DuckDBInstance } from '@duckdb/node-api'
import { argument, measure } from '../measure.ts'

const instance = await DuckDBInstance.create(argument('database'))
const connection = await instance.connect()
await measure(async () => {
  await connection.run('create table events as select * from ' +
    `read_json('${argument('folder')}/*.ndjson', format = 'newline_delimited', ignore_errors = true)`)
  return { events: Number(argument('events')), bytes: Number(argument('bytes')) }
})
connection.closeSync()
instance.closeSync()
