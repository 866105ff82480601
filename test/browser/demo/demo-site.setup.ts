import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { build } from 'vite'

const configFile = fileURLToPath(new URL('../../../demo/vite.config.ts', import.meta.url))
const page = fileURLToPath(new URL('../../../dist-demo/index.html', import.meta.url))

test('the demo builds', async () => {
  // The first time, all pictures are encoded.
  test.setTimeout(600_000)
  await build({ configFile, logLevel: 'warn' })
  expect(existsSync(page)).toBe(true)
})
