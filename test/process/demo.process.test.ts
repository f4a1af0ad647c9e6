import { readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram, startProgram, until } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Now {
  businessDate: string
  country: { today: { arrivals: number, departures: number }, sevenDays: { arrivals: number } }
  checkpoints: object
}

const small = ['--scale', '0.02', '--days', '2']
const env = { BORDERFLOW_HTTP_PORT: '0' }

describe('demo', () => {
  it('shows live figures of a simulated day, says so everywhere, and ends with 0 when asked to', async () => {
    const data = join(await temporaryFolder(), 'demo')
    const demo = startProgram(['demo', ...small, '--data', data], { env })
    const link = /(http:\/\/\S+)\/#token=(\S+)/
    await until(() => link.test(demo.stdout()), `its link: ${demo.stderr()}`)
    const [, address = '', token = ''] = link.exec(demo.stdout()) ?? []
    const now = async (): Promise<Now> =>
      await (await fetch(`${address}/v1/board`, { headers: { authorization: `Bearer ${token}` } })).json() as Now
    await until(async () => {
      const { today, sevenDays } = (await now()).country
      return today.arrivals > 0 && today.departures > 0 && sevenDays.arrivals > today.arrivals
    }, 'figures of today and the history')
    const { businessDate, checkpoints, country: { today: { arrivals: before } } } = await now()
    expect(Object.keys(checkpoints).length).toBeGreaterThan(0)
    // The simulated midnight may come meanwhile, sixty times as soon as the other: then today begins at nothing.
    await until(async () => {
      const next = await now()
      return next.country.today.arrivals > before || next.businessDate > businessDate
    }, 'figures that grow')
    expect((await fetch(`${address}/v1/board`)).status).toBe(401)

    const page = await fetch(`${address}/`)
    const html = await page.text()
    expect(html).toContain('data-simulated')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'/)
    expect(policy).not.toMatch(/unsafe|https?:/)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')

    const second = await runProgram(['demo', ...small, '--data', data], { env })
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('a folder that nothing runs on')
    expect((await now()).country.sevenDays.arrivals).toBeGreaterThan(0)

    const { code, stdout } = await demo.terminate()
    expect(code).toBe(0)
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^SIMULATED/)
  })

  it('refuses a folder that is not its own and leaves it as it is', async () => {
    const folder = join(await temporaryFolder(), 'mine')
    await mkdir(folder)
    await writeFile(join(folder, 'thesis.txt'), 'mine')
    const { code, stderr } = await runProgram(['demo', ...small, '--data', folder], { env })
    expect(code).toBe(1)
    expect(stderr).toContain('nothing was changed')
    expect(readdirSync(folder)).toEqual(['thesis.txt'])
  })

  it('checks its options before it wipes anything', async () => {
    const folder = join(await temporaryFolder(), 'demo')
    expect(await runProgram(['demo', ...small, '--until-loaded', '--data', folder], { env })).toMatchObject({ code: 0 })
    const before = readdirSync(folder)
    expect(await runProgram(['demo', '--scale', 'big', '--data', folder], { env })).toMatchObject({ code: 2 })
    expect(readdirSync(folder)).toEqual(before)
  })
})
