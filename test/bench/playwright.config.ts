import { defineConfig } from '@playwright/test'
import tests from '../browser/playwright.config.js'

/** Benchmarks run in the browser and on the server of the tests, one after the other. */
export default defineConfig({
  ...tests,
  workers: 1,
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../../test-results/bench',
  projects: [{ name: 'chromium' }],
  reporter: 'list',
  timeout: 15 * 60_000,
})
