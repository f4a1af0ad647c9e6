import { defineConfig } from 'vitest/config'

// Two kinds of test share one run: *.test.ts are in-process and take seconds; *.kafka.test.ts and *.process.test.ts
// start a broker or the packed program and may take a minute.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts']
  }
})
