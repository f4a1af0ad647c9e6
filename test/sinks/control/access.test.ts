import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { authenticate, createAccess, listAccess, revokeAccess } from '../../../sinks/control/access.ts'
import { controlFile, openControl, type Control } from '../../../sinks/control/control.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const NOW_MS = Date.parse('2024-04-01T05:00:00.123Z')

async function open (): Promise<{ control: Control, folder: string }> {
  const folder = await temporaryFolder()
  const control = await openControl(folder)
  onTestFinished(async () => { await control.close() })
  return { control, folder }
}

describe('a token', () => {
  it('lets its holder in while it is in force, and nobody else', async () => {
    const { control } = await open()
    const { token } = await createAccess(control, { name: 'Poipet desk', role: 'producer', expiresAtMs: NOW_MS + 1000 }, NOW_MS)
    await createAccess(control, { name: 'another', role: 'producer', expiresAtMs: null }, NOW_MS)
    expect(await authenticate(control, token, 'producer', NOW_MS + 999)).toEqual({ name: 'Poipet desk' })
    expect(await authenticate(control, token, 'producer', NOW_MS + 1000)).toBeNull()
    for (const wrong of ['', 'bf_', `${token}x`, token.slice(0, -1), token.toUpperCase()]) {
      expect(await authenticate(control, wrong, 'producer', NOW_MS)).toBeNull()
    }
  })

  it('that is revoked lets nobody in any more, and is revoked once', async () => {
    const { control } = await open()
    const { id, token } = await createAccess(control, { name: 'a', role: 'producer', expiresAtMs: null }, NOW_MS)
    await revokeAccess(control, id, NOW_MS + 5)
    expect(await authenticate(control, token, 'producer', NOW_MS)).toBeNull()
    expect(await listAccess(control)).toEqual([{ id, name: 'a', role: 'producer', createdAtMs: NOW_MS, expiresAtMs: null, revokedAtMs: NOW_MS + 5 }])
    await expect(revokeAccess(control, id, NOW_MS)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(revokeAccess(control, 'none', NOW_MS)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is stored as a digest: neither the list nor the file holds it', async () => {
    const { control, folder } = await open()
    const { token } = await createAccess(control, { name: 'a', role: 'producer', expiresAtMs: null }, NOW_MS)
    expect(token).toMatch(/^bf_[\w-]{43}$/)
    expect(JSON.stringify(await listAccess(control))).not.toContain(token)
    await control.close()
    expect(readFileSync(controlFile(folder)).includes(token.slice(3))).toBe(false)
  })

  it('is there again after a restart', async () => {
    const { control, folder } = await open()
    const { token } = await createAccess(control, { name: 'a', role: 'producer', expiresAtMs: null }, NOW_MS)
    await control.close()
    const again = await openControl(folder)
    expect(await authenticate(again, token, 'producer', NOW_MS)).toEqual({ name: 'a' })
    await again.close()
  })
})
