import { defineConfig } from 'vitest/config'

// One run for all: *.test.ts are in-process and take seconds; *.kafka.test.ts and *.process.test.ts start a broker or
// the program itself and may take minutes.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]]
  }
})
