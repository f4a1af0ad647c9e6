// Run by `npm run generate`: writes the pages of docs/tables.
import { writeTablePages } from './pages.ts'

writeTablePages()
