import { engineFailure, loadEngine } from '../pack/load-engine.js'
import { pushPack } from '../pack/push-pack.js'
import { type Command, countOption, requiredOption } from './command.js'
import { ProgressLine } from './progress-line.js'

export const pushCommand: Command = {
  usage: 'OUT --engine FILE [--keep] [--no-switch] [--batch N]',
  summary:
    'Loads the folder that index wrote into a vector engine: only what has changed, what is gone last.',
  help: `  --engine FILE  module whose default export is the engine, or a function that opens it
  --keep         leave products that OUT does not have; those of other shards stay in any case
  --no-switch    go on answering from the space of before: other shards are missing
  --batch N      products written at once (default: what the engine says, else 500)`,
  arity: 1,
  options: {
    engine: { type: 'string' },
    keep: { type: 'boolean' },
    'no-switch': { type: 'boolean' },
    batch: { type: 'string' },
  },
  async run(given, terminal, signal) {
    const file = requiredOption(given, 'engine')
    const engine = await (await loadEngine(file)).open()
    const progress = new ProgressLine(terminal.err, 'products')
    try {
      const { space, written, unchanged, removed, skipped } = await pushPack({
        folder: given.positionals[0] as string,
        engine,
        keep: given.values.keep === true,
        activate: given.values['no-switch'] !== true,
        batch: countOption(given, 'batch'),
        onProgress: (done, total) => progress.update(done, total, done),
        signal,
      }).finally(() => progress.end())
      terminal.out.write(
        `${written} products written, ${unchanged} unchanged, ${removed} removed, space ${space.fingerprint}\n`,
      )
      for (const { id, reason } of skipped)
        terminal.err.write(`${JSON.stringify(id)} was left out: ${reason}\n`)
      return 0
    } catch (error) {
      throw engineFailure(file, error)
    } finally {
      await engine.close?.()
    }
  },
}
