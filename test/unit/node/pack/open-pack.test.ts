import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPack } from '../../../../src/node/pack/open-pack.js'
import { runCommand } from '../command/command-process.js'
import { products, writeMadePack } from '../indexing/made-catalogue.js'
import { scratchFolder } from '../scratch.js'

const folder = scratchFolder()

/** A folder whose `catalog.json` says something else of its pack. */
async function changed(name: string, change: (pack: Record<string, unknown>) => object): Promise<string> {
  const out = await writeMadePack(join(folder, name), 0.1)
  const path = join(out, 'catalog.json')
  const catalog = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...catalog, pack: { ...catalog.pack, ...change(catalog.pack) } }))
  return out
}

test('the pack that the catalogue describes', async () => {
  const { pack } = await openPack(await changed('same', () => ({})))
  expect(pack.entries).toHaveLength(products.length)
})

test.each<[string, (pack: Record<string, unknown>) => object, RegExp]>([
  ['sha256', () => ({ sha256: '0'.repeat(64) }), /its sha256 is [0-9a-f]{64}, not 0{64}\. Index the folder/],
  ['count', ({ count }) => ({ count: (count as number) + 1 }), /its number of vectors is 60, not 61\./],
  ['bytes', ({ bytes }) => ({ bytes: (bytes as number) - 1 }), /its size in bytes is \d+, not \d+\./],
  ['space', ({ space }) => ({ space: { ...(space as object), model: 'b' } }), /its space is \S+, not \S+\./],
])('a pack with another %s is refused, also by inspect', async (name, change, message) => {
  const out = await changed(name, change)
  await expect(openPack(out)).rejects.toMatchObject({
    code: 'pack-invalid',
    message: expect.stringMatching(message),
  })
  const { code, stderr } = await runCommand('inspect', out)
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) })
})
