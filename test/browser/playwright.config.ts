import { defineConfig } from '@playwright/test'
import { browserFlags, findBrowser } from './find-browser.mjs'

const { executablePath, env } = findBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/browser',
  reporter: [['list'], ['json', { outputFile: '../../test-results/browser.json' }]],
  workers: 1,
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
})

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
