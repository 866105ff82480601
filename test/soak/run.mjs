// npm run soak -- [--searches 1000] [--record]: builds the package and searches for as long as a long visit lasts.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { install } from '../../.ci/install.mjs'

const { values } = parseArgs({
  options: {
    searches: { type: 'string', default: '1000' },
    /** Writes the figures to test/bench/results/soak.json. */
    record: { type: 'boolean', default: false },
  },
})
const root = fileURLToPath(new URL('../../', import.meta.url))
const env = {
  ...process.env,
  SOAK_SEARCHES: values.searches,
  ...(values.record && { SOAK_RECORD: '1' }),
}
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}
await install()
run('.ci/build.mjs')
run(
  'node_modules/@playwright/test/cli.js',
  'test',
  '-c',
  'test/browser',
  '--project',
  'soak',
  '--retries',
  '0',
)
