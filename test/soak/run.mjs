// npm run soak -- [--searches 1000] [--record]: builds the package and searches for as long as a long visit lasts.
import { parseArgs } from 'node:util'
import { runProject } from '../run-project.mjs'

const { values } = parseArgs({
  options: {
    searches: { type: 'string', default: '1000' },
    /** Writes the figures to test/bench/results/soak.json. */
    record: { type: 'boolean', default: false },
  },
})
await runProject('soak', {
  SOAK_SEARCHES: values.searches,
  ...(values.record && { SOAK_RECORD: '1' }),
})
