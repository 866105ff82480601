// npm run chaos -- --seed 7 --minutes 10 [--from 20] [--round 3] [--record] [--no-build]: builds the package and plays rounds
// of random faults. Rounds are numbered: `--from` goes on where another run of the seed has stopped.
import { parseArgs } from 'node:util'
import { runProject } from '../run-project.mjs'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    minutes: { type: 'string', default: '10' },
    /** The first round. */
    from: { type: 'string', default: '0' },
    /** Only this round of the seed. */
    round: { type: 'string' },
    /** Writes the figures to test/bench/results/chaos.json, beside those of other runs. */
    record: { type: 'boolean', default: false },
    /** Takes the package as it is built. */
    'no-build': { type: 'boolean', default: false },
  },
})
const variables = {
  CHAOS_SEED: values.seed,
  CHAOS_MINUTES: values.minutes,
  CHAOS_FROM: values.from,
  ...(values.round !== undefined && { CHAOS_ROUND: values.round }),
  ...(values.record && { CHAOS_RECORD: '1' }),
}
await runProject('chaos', variables, { build: !values['no-build'] })
