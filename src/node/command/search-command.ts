import { SimilarItemsError } from '../../errors.js'
import { project } from '../../vectors/projection.js'
import { NodeEncoder } from '../encoder/node-encoder.js'
import { toUrl } from '../files/file-fetch.js'
import { PictureLoader } from '../indexing/load-picture.js'
import { openPack } from '../pack/open-pack.js'
import { searchPack } from '../pack/search-pack.js'
import { packagedModelFolder } from '../package-folder.js'
import { type Command, countOption, requiredOption, textOption } from './command.js'

export const searchCommand: Command = {
  usage: 'PACK --image FILE [--model DIR] [--limit N] [--per-group N] [--json]',
  summary:
    'Lists what in a pack looks like a picture. PACK is the folder that index wrote, where the projection is.',
  help: `  --image FILE   path or URL of a picture
  --model DIR    the model that the pack was made with (default: the package's)
  --limit N      longest list (default 12)
  --per-group N  most products with one item_group_id in the list (default 1)
  --json         for programs`,
  arity: 1,
  options: {
    image: { type: 'string' },
    model: { type: 'string' },
    limit: { type: 'string' },
    'per-group': { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(given, terminal, signal) {
    const image = toUrl(requiredOption(given, 'image'))
    const limit = countOption(given, 'limit') ?? 12
    const perGroup = countOption(given, 'per-group') ?? 1
    const opened = await openPack(given.positionals[0] as string)
    // Whoever names a picture may name one of this machine.
    const loader = new PictureLoader({ privateHosts: ['all'] })
    const picture = await loader.load(image, { signal }).finally(() => loader.close())
    if (picture.status === 'unchanged')
      throw new SimilarItemsError('image-unreachable', `${image} has no content.`)
    const encoder = await NodeEncoder.open({
      model: textOption(given, 'model') ?? packagedModelFolder,
      signal,
    })
    try {
      const embedding = await encoder.encode(picture.bytes, image)
      const query = opened.projection ? project(opened.projection, embedding) : embedding
      const hits = searchPack(opened, query, { limit, perGroup })
      const lines = hits.map(({ id, score, product }) =>
        `${score.toFixed(4)}  ${id}  ${product?.title ?? ''}`.trimEnd(),
      )
      terminal.out.write(given.values.json ? `${JSON.stringify(hits, null, 2)}\n` : `${lines.join('\n')}\n`)
      return 0
    } finally {
      await encoder.close()
    }
  },
}
