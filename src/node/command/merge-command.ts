import { catalogName } from '../pack/catalog-file.js'
import { mergeShards } from '../shards/merge-shards.js'
import { type Command, requiredOption } from './command.js'
import { fileSize } from './file-size.js'
import { elementTag, siteAddress } from './page-tags.js'
import { projectionHelp, projectionOptions, readProjectionOptions } from './projection-options.js'

export const mergeCommand: Command = {
  usage: 'SHARD... --out DIR [options]',
  summary: 'Makes one catalogue of the shards that several machines have indexed.',
  help: `  --out DIR             folder for catalog.json, the pack and the journal of the next run
${projectionHelp}`,
  arity: [1, Number.POSITIVE_INFINITY],
  options: { out: { type: 'string' }, ...projectionOptions },
  async run(given, terminal, signal) {
    const out = requiredOption(given, 'out')
    const shards = given.positionals
    const report = await mergeShards({ shards, out, ...readProjectionOptions(given), signal })
    const { products, skipped, pack, packBytes, space, hasJournal } = report
    terminal.out.write(
      `${products} products of ${shards.length} shards in ${pack} (${fileSize(packBytes)}), space ${space.fingerprint}\n`,
    )
    if (skipped.length > 0) {
      terminal.out.write(`${skipped.length} items have no vector; the reports of the shards say why\n`)
    }
    if (!hasJournal) {
      terminal.err.write(
        'Shards came without their journals, or with those of other weights: index into this folder would encode pictures anew.\n',
      )
    }
    terminal.out.write(`${elementTag({ catalog: `${siteAddress(out)}${catalogName}`, item: 'ID' })}\n`)
    return 0
  },
}
