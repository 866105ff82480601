// npm run chaos -- --seed 7 --minutes 10 [--round 3] [--record]: builds the package and plays rounds of random faults.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { install } from '../../.ci/install.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    minutes: { type: 'string', default: '10' },
    /** Only this round of the seed. */
    round: { type: 'string' },
    /** Writes the figures to test/bench/results/chaos.json. */
    record: { type: 'boolean', default: false },
  },
})
const root = fileURLToPath(new URL('../../', import.meta.url))
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}
const env = {
  ...process.env,
  CHAOS_SEED: values.seed,
  CHAOS_MINUTES: values.minutes,
  ...(values.round !== undefined && { CHAOS_ROUND: values.round }),
  ...(values.record && { CHAOS_RECORD: '1' }),
}
await install()
run('.ci/build.mjs')
run(
  'node_modules/@playwright/test/cli.js',
  'test',
  '-c',
  'test/browser',
  '--project',
  'chaos',
  '--retries',
  '0',
)
