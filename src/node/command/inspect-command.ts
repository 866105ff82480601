import { openPack } from '../pack/open-pack.js'
import type { Command } from './command.js'
import { fileSize } from './file-size.js'

export const inspectCommand: Command = {
  usage: 'PACK [--json]',
  summary: 'Says what is in a pack (a file, or a folder that index wrote), after checking all of it.',
  help: '  --json    for programs',
  arity: 1,
  options: { json: { type: 'boolean' } },
  async run(given, terminal) {
    const { pack, path, bytes, projection } = await openPack(given.positionals[0] as string, {
      attributes: null,
    })
    const { space, vectors, entries } = pack
    const facts = {
      path,
      bytes,
      vectors: vectors.count,
      format: vectors.format,
      space,
      projectedFrom: projection?.from.dimensions ?? null,
      pictures: new Set(entries.map(({ contentKey }) => contentKey)).size,
      first: entries.slice(0, 3),
    }
    terminal.out.write(given.values.json ? `${JSON.stringify(facts, null, 2)}\n` : describe(facts))
    return 0
  },
}

function describe(facts: {
  path: string
  bytes: number
  vectors: number
  format: string
  space: {
    model: string
    preprocessing: string
    projection: string | null
    dimensions: number
    centered?: true
  }
  projectedFrom: number | null
  pictures: number
  first: readonly { id: string; contentKey: string }[]
}): string {
  const { space } = facts
  const from = facts.projectedFrom ? ` of ${facts.projectedFrom}` : ''
  const rows = [
    ['file', `${facts.path} (${fileSize(facts.bytes)})`],
    ['vectors', `${facts.vectors} ${facts.format} of ${facts.pictures} pictures`],
    ['dimensions', `${space.dimensions}${from}`],
    ['model', space.model],
    ['preprocessing', space.preprocessing],
    ['projection', space.projection ?? 'none'],
    ['centered', space.centered ? 'on the catalogue' : 'no'],
    ...facts.first.map(({ id, contentKey }, index) => [
      index === 0 ? 'for example' : '',
      `${id}  ${contentKey}`,
    ]),
  ]
  return `${rows.map(([name = '', value = '']) => `${name.padEnd(14)}${value}`).join('\n')}\n`
}
