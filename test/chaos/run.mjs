// npm run chaos -- --seed 7 --minutes 10 [--round 3] [--record]: builds the package and plays rounds of random faults.
import { parseArgs } from 'node:util'
import { runProject } from '../run-project.mjs'

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
await runProject('chaos', {
  CHAOS_SEED: values.seed,
  CHAOS_MINUTES: values.minutes,
  ...(values.round !== undefined && { CHAOS_ROUND: values.round }),
  ...(values.record && { CHAOS_RECORD: '1' }),
})
