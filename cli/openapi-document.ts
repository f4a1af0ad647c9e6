// Writes the OpenAPI document for those who write clients: as a service over an empty folder gives it. A test holds the
// file against the running service.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../core/clock.ts'
import { silentLog } from '../core/log.ts'
import { packageFile } from '../core/package-root.ts'
import { loadSettings } from '../core/settings/index.ts'
import { startService } from '../main.ts'

export const OPENAPI_FILE = 'schemas/generated/openapi.json'

/** The document as text, from a service that is started and stopped for it. */
export async function openApiText (): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'borderflow-openapi-'))
  try {
    const service = await startService(loadSettings({}, {
      data: { folder: join(folder, 'data') }, keys: { folder: join(folder, 'keys') }, http: { port: 0 }
    }), { clock: systemClock, log: silentLog() })
    try {
      const response = await fetch(`${service.address}/docs/openapi.json`)
      return `${JSON.stringify(await response.json(), null, 2)}\n`
    } finally {
      service.stop()
      await service.finished
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(packageFile(OPENAPI_FILE), await openApiText())
  // Threads for decoding may be starting still.
  process.exit(0)
}
