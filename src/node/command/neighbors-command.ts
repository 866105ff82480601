import { findNeighbors } from '../neighbors/find-neighbors.js'
import { writeNeighbors } from '../neighbors/write-neighbors.js'
import { catalogName } from '../pack/catalog-file.js'
import { engineFailure, loadEngine } from '../pack/load-engine.js'
import { openPack } from '../pack/open-pack.js'
import { type Command, countOption, requiredOption, textOption, wordOption } from './command.js'
import { fileSize } from './file-size.js'
import { elementTag, siteAddress } from './page-tags.js'
import { ProgressLine } from './progress-line.js'

export const neighborsCommand: Command = {
  usage: 'PACK --out DIR [--k N] [--per-group N] [--search auto|exact|approximate | --engine FILE]',
  summary: 'Writes small files with the similar items of every product, for pages that load nothing else.',
  help: `  --out DIR      folder for the files
  --k N          length of a list (default 24)
  --per-group N  most products with one item_group_id in a list (default 1)
  --search HOW   exact up to 100 000 vectors and approximate above (default), or one of these
  --engine FILE  module of the vector engine that PACK has been pushed to, which then finds the neighbours`,
  arity: 1,
  options: {
    out: { type: 'string' },
    k: { type: 'string' },
    'per-group': { type: 'string' },
    search: { type: 'string' },
    engine: { type: 'string' },
  },
  async run(given, terminal, signal) {
    const out = requiredOption(given, 'out')
    const { pack, products, folder } = await openPack(given.positionals[0] as string, {
      attributes: ['item_group_id'],
    })
    const lines = {
      index: new ProgressLine(terminal.err, 'vectors in the index'),
      search: new ProgressLine(terminal.err, 'products'),
    }
    const file = textOption(given, 'engine')
    const engine = file === undefined ? undefined : await (await loadEngine(file)).open()
    const found = await findNeighbors(pack, {
      engine,
      count: countOption(given, 'k'),
      perGroup: countOption(given, 'per-group'),
      search: wordOption(given, 'search', ['auto', 'exact', 'approximate']),
      products,
      onProgress({ phase, done, total }) {
        lines[phase].update(done, total, done)
        if (done === total) lines[phase].end()
      },
      signal,
    })
      .catch((error: unknown) => {
        throw file === undefined ? error : engineFailure(file, error)
      })
      .finally(() => engine?.close?.())
    const { template, files, bytes, largestFile } = await writeNeighbors(out, found.lists, signal)
    // Neighbours are ids: the page has to know the products as well.
    const catalog = `${siteAddress(folder)}${catalogName}`
    terminal.out.write(
      `${found.lists.size} lists in ${files} files of ${fileSize(bytes / files)}, the largest ${fileSize(largestFile)}\n` +
        `search ${found.search}, recall ${found.recall.toFixed(4)}\n` +
        `${elementTag({ neighbors: siteAddress(out) + template, catalog, item: 'ID' })}\n`,
    )
    return 0
  },
}
