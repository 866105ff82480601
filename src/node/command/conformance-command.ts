import { checkConformance } from '../../engines/conformance/index.js'
import { engineFailure, loadEngine } from '../pack/load-engine.js'
import { type Command, countOption, requiredOption } from './command.js'

export const conformanceCommand: Command = {
  usage: '--engine FILE [--rows N] [--dims N]',
  summary: 'Holds a vector engine to what pages rely on. It has to be empty: its rows are replaced.',
  help: `  --engine FILE  module whose default export is a function that opens the engine; it may export isExact = true
                 and isDurable = false as well
  --rows N       rows that are written (default 4000)
  --dims N       components of a vector (default 32)`,
  arity: 0,
  options: { engine: { type: 'string' }, rows: { type: 'string' }, dims: { type: 'string' } },
  async run(given, { out }, signal) {
    const file = requiredOption(given, 'engine')
    const { open, isExact, isDurable } = await loadEngine(file)
    const rows = countOption(given, 'rows')
    const dimensions = countOption(given, 'dims')
    const size = { ...(rows && { rows }), ...(dimensions && { dimensions }) }
    const checks = checkConformance({ open, isExact, isDurable, ...size, signal })
    let broken = 0
    try {
      for await (const { name, detail, failure, milliseconds } of checks) {
        if (failure !== null) broken++
        const note = detail === '' ? '' : `, ${detail}`
        const word = failure === null ? 'kept  ' : 'BROKEN'
        out.write(`${word}  ${name}${note} (${milliseconds.toFixed(0)} ms)\n`)
        if (failure !== null) out.write(`        ${failure}\n`)
      }
    } catch (error) {
      throw engineFailure(file, error)
    }
    const verdict = broken === 1 ? '1 promise is broken.' : `${broken} promises are broken.`
    out.write(`${broken === 0 ? 'Every promise is kept.' : verdict}\n`)
    return broken === 0 ? 0 : 1
  },
}
