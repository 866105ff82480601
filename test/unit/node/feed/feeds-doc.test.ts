import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openPack } from '../../../../src/node/pack/open-pack.js'
import { runCommand } from '../command/command-process.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const document = readFileSync(join(root, 'docs/feeds.md'), 'utf8')

/** The commands of the document, as their words. */
const commands = Array.from(document.matchAll(/^npx similar-items (.*)$/gm), ([, line = '']) =>
  Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? (plain as string)),
)

const feeds: Record<string, string> = {
  'products_export.csv':
    'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\nchair,Chair,Title,Default Title,A-1,89.00,chair.jpg\n',
  'export.json': JSON.stringify({
    data: { products: [{ sku: 'A-1', Name: 'Chair', price: '89.00 EUR', images: [{ src: 'chair.jpg' }] }] },
  }),
}

test.each(commands.map((words) => [words[1] as string, words] as const))(
  'docs/feeds.md: index %s',
  async (name, words) => {
    const folder = scratchFolder()
    copyPhoto('chair', join(folder, 'chair.jpg'))
    writeFileSync(join(folder, name), feeds[name] as string)
    const places = new Map([
      [name, join(folder, name)],
      ['models/siglip-tiny-patch16-224', modelFolder],
      ['public/similar', join(folder, 'out')],
    ])
    const { code, stderr } = await runCommand(
      ...words.map((word) => places.get(word) ?? word),
      '--workers',
      '1',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('failed') })
    const { products } = await openPack(join(folder, 'out'))
    expect([...products.values()]).toMatchObject([{ id: 'A-1', title: 'Chair', price: '89.00 EUR' }])
  },
)

test('docs/feeds.md has commands', () => {
  expect(commands).toHaveLength(2)
})
