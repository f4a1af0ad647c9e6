import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { hasCode } from '../../core/errors.ts'
import { armFailpoint, failpoint, FAILPOINTS } from '../../core/failpoint.ts'
import { packageFile } from '../../core/package-root.ts'

function refusal (environment: NodeJS.ProcessEnv): unknown {
  try {
    armFailpoint(environment)
  } catch (error) {
    return error
  }
  return undefined
}

describe('a failpoint', () => {
  it('is refused where tests have not allowed it, and where its name is none', () => {
    const [first] = FAILPOINTS
    for (const environment of [
      { BORDERFLOW_TEST_FAILPOINT: first },
      { BORDERFLOW_TEST_FAILPOINT: first, BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'true' },
      { BORDERFLOW_TEST_FAILPOINT: 'nowhere', BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'yes' },
      { BORDERFLOW_TEST_FAILPOINT: `${first}@x`, BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'yes' },
      { BORDERFLOW_TEST_FAILPOINT: '', BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'yes' }
    ]) {
      const error = refusal(environment)
      expect(hasCode(error, 'SETTINGS_INVALID'), JSON.stringify(environment)).toBe(true)
      expect(String(error)).toContain('BORDERFLOW_TEST_FAILPOINT')
    }
  })

  it('is nothing where none is armed', () => {
    expect(refusal({ BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'yes' })).toBeUndefined()
    for (const name of FAILPOINTS) failpoint(name)
  })

  it.each([
    { text: 'group-begun', passes: 1 },
    { text: 'group-begun@3', passes: 3 }
  ])('kills the process at the pass that is named: $text', ({ text, passes }) => {
    const module = JSON.stringify(packageFile('dist/core/failpoint.js'))
    const script = `import(${module}).then(({ armFailpoint, failpoint }) => {
      armFailpoint(process.env)
      failpoint('group-committed')
      for (let pass = 1; pass <= 5; pass++) { console.log(pass); failpoint('group-begun') }
    })`
    const { signal, stdout } = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, BORDERFLOW_TEST_FAILPOINTS_ALLOWED: 'yes', BORDERFLOW_TEST_FAILPOINT: text }
    })
    expect(signal).toBe('SIGKILL')
    expect(stdout.trim().split('\n')).toHaveLength(passes)
  })

  it('that is not allowed keeps the program from running, as wrong use', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [packageFile('dist/cli/bin.cjs'), 'tables'], {
      encoding: 'utf8', env: { PATH: process.env.PATH, BORDERFLOW_TEST_FAILPOINT: 'group-begun' }
    })
    expect(status).toBe(2)
    expect(stderr).toContain('no failpoint outside tests')
    expect(stdout).toBe('')
  })
})
