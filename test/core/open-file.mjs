// Opens a DuckDB file as another process would, and says what became of it.
import { DuckDBInstance } from '@duckdb/node-api'

try {
  await DuckDBInstance.create(process.argv[2])
  process.stdout.write('opened')
} catch (error) {
  process.stdout.write(String(error))
}
