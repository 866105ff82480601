import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PackReference } from '../../../../src/catalog/pack-reference.js'
import { linesOf } from '../../../../src/node/files/text-lines.js'
import { catalogText, readCatalogFile } from '../../../../src/node/pack/catalog-file.js'
import type { Product } from '../../../../src/types.js'
import { makeSpace } from '../../../../src/vectors/space.js'
import { scratchFolder } from '../scratch.js'

const path = join(scratchFolder(), 'catalog.json')
const pack: PackReference = {
  url: 'pack.safetensors',
  sha256: 'a'.repeat(64),
  bytes: 1,
  count: 1,
  space: makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 8 }),
  projection: null,
  unusable: ['\n"]}'],
}
const item = fc.record({
  id: fc.string({ unit: 'grapheme' }),
  title: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(']}', '\n]}\n', '\u2028', '"items":[')),
  image_link: fc.webUrl(),
})
const everything = (product: Product) => product

test('a catalogue is read as it was written, and as others write it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 5 }), async (items) => {
      const text = [...catalogText(pack, items)].join('')
      for (const spelling of [
        text,
        JSON.stringify({ pack, items }),
        JSON.stringify({ items, pack }, null, 2),
      ]) {
        writeFileSync(path, spelling)
        expect(await readCatalogFile(path, everything)).toEqual({ pack, items })
      }
      expect(JSON.parse(text)).toEqual({ pack, items })
    }),
    { numRuns: 50 },
  )
})

test('lines end at line feeds alone, wherever the text is cut', async () => {
  const lines = ['a\u2028b', '', 'c\rd', 'e']
  const text = lines.join('\n')
  for (let cut = 0; cut <= text.length; cut++) {
    const pieces = async function* () {
      yield text.slice(0, cut)
      yield text.slice(cut)
    }
    const found: string[] = []
    for await (const line of linesOf(pieces())) found.push(line)
    expect(found).toEqual(lines)
  }
})

test('of the items only what is wanted is kept', async () => {
  const items = ['a', 'b'].map((id) => ({ id, title: 'A long title', image_link: '/a.jpg' }))
  writeFileSync(path, [...catalogText(pack, items)].join(''))
  const keep = (product: Product) => ({ ...product, title: '' })
  expect((await readCatalogFile(path, keep)).items.map(({ title }) => title)).toEqual(['', ''])
  expect(await readCatalogFile(path, null)).toEqual({ pack, items: [] })
})

test.each([
  ['is not JSON', '{"pack":{},\n"items":[\n{"id":'],
  ['is not JSON', ''],
  ['has no items', '{"pack":{}}'],
  ['has no items', 'null'],
])('a catalogue that %s is refused', async (what, text) => {
  writeFileSync(path, text)
  await expect(readCatalogFile(path, everything)).rejects.toMatchObject({
    code: 'catalog-invalid',
    message: expect.stringContaining(what),
  })
})
