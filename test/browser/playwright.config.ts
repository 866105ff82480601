import { defineConfig } from '@playwright/test'
import { browserFlags, findHeadlessShell } from './find-browser.mjs'
import type { WorkerFixtures } from './other-browsers/harness.js'

const { executablePath, env } = findHeadlessShell()

export default defineConfig<object, WorkerFixtures>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/browser',
  reporter: [['list'], ['json', { outputFile: '../../test-results/browser.json' }]],
  workers: 2,
  timeout: 90_000,
  retries: process.env.CI === undefined ? 0 : 1,
  forbidOnly: process.env.CI !== undefined,
  use: {
    launchOptions: {
      executablePath,
      args: [...browserFlags],
      env: { ...definedVariables(), ...env },
    },
    trace: 'off',
  },
  projects: [
    { name: 'chromium', testIgnore: ['other-browsers/**', 'demo*.spec.ts'] },
    { name: 'demo site', testMatch: 'demo-site.setup.ts' },
    { name: 'demo', testMatch: 'demo*.spec.ts', dependencies: ['demo site'] },
    { name: 'firefox', testDir: 'other-browsers', timeout: 60_000, use: { testedName: 'firefox' } },
    {
      name: 'webkit',
      testDir: 'other-browsers',
      timeout: 60_000,
      // They set preferences of Firefox.
      testIgnore: [
        '**/webgpu.spec.ts',
        '**/no-jspi.spec.ts',
        '**/storage.spec.ts',
        '**/fingerprinting.spec.ts',
      ],
      use: { testedName: 'webkit' },
    },
    ...(['chromium', 'firefox', 'webkit'] as const).map((testedName) => ({
      name: `faults ${testedName}`,
      testDir: '../faults',
      ...(testedName !== 'chromium' && process.env.FAULTS !== 'all' && { grep: /@each-engine/ }),
      use: { testedName },
    })),
    { name: 'chaos', testDir: '../chaos', retries: 0 },
    // It takes minutes: `npm run soak`.
    ...(process.env.SOAK_SEARCHES === undefined ? [] : [{ name: 'soak', testDir: '../soak', retries: 0 }]),
  ],
})

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
