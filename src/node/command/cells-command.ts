import { cellsName, writeCells } from '../cells/write-cells.js'
import { type Command, countOption } from './command.js'
import { elementTag, siteAddress } from './page-tags.js'

export const cellsCommand: Command = {
  usage: 'DIR [--count N] [--probes N]',
  summary:
    'Divides the catalogue that index wrote into cells, so that photos are ranked in pages without all of it.',
  help: `  --count N    about how many cells (default: the square root of the number of products)
  --probes N   cells that a page looks at (default: as few as find 99 % of what a full scan does)`,
  arity: 1,
  options: { count: { type: 'string' }, probes: { type: 'string' } },
  async run(given, terminal, signal) {
    const folder = given.positionals[0] as string
    const [count, most] = [countOption(given, 'count'), countOption(given, 'probes')]
    const { products, cells, largest, probes, recall, vectorBytes } = await writeCells({
      folder,
      count,
      probes: most,
      signal,
    })
    const shares = [1, 2, 4, 8, 16].filter((number) => number <= recall.length)
    const shown = shares.map((number) => `${number}: ${(recall[number - 1] as number).toFixed(3)}`)
    terminal.out.write(
      `${products} products in ${cells} cells, the largest of ${largest}\n` +
        `recall@12 by cells looked at: ${shown.join(', ')}\n` +
        `pages look at ${probes} and load ${(vectorBytes / 1000).toFixed(0)} kB of vectors for a photo\n` +
        `${elementTag({ cells: siteAddress(folder) + cellsName }, 'similar-items-search')}\n`,
    )
    return 0
  },
}
