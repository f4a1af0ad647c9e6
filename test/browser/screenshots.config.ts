// Takes the pictures of docs/screenshots; no test of the project's run.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['test/browser/take-screenshots.ts'], testTimeout: 600_000 } })
