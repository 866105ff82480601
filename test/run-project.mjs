import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install } from '../.ci/install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Builds the package and runs one project of the browser tests, without second tries. Ends the process where one fails.
 *
 * @param {string} project
 * @param {Record<string, string>} variables Added to the environment of the tests.
 * @param {{ build?: boolean }} options Whether to build the package, which is the default.
 */
export async function runProject(project, variables, { build = true } = {}) {
  const run = (...args) => {
    const env = { ...process.env, ...variables }
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env })
    if (status !== 0) process.exit(status ?? 1)
  }
  if (build) {
    await install()
    run('.ci/build.mjs')
  }
  const playwright = ['node_modules/@playwright/test/cli.js', 'test', '-c', 'test/browser']
  run(...playwright, '--project', project, '--retries', '0')
}
