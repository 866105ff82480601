import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadModelFolder } from '../../../../src/encoder/model/model-folder.js'
import { checkModel } from '../../../../src/node/encoder/check-model.js'
import { fileFetch, toUrl } from '../../../../src/node/files/file-fetch.js'
import { chooseMean } from '../../../../src/node/indexing/catalog-mean.js'
import { openPack } from '../../../../src/node/pack/open-pack.js'
import type { Space } from '../../../../src/types.js'
import { decodeVector } from '../../../../src/vectors/encoded-vectors.js'
import { cosineSimilarity, normalize } from '../../../../src/vectors/normalize.js'
import { type Projection, project } from '../../../../src/vectors/projection.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const built = existsSync(join(root, 'dist/node/index.js'))
const hasPython = spawnSync('python3', ['-c', 'import numpy, safetensors']).status === 0
if (!hasPython)
  console.log('python3 with numpy and safetensors is absent: the Python of docs/packs.md is not run')

/** The only block of a language in a document. */
function code(document: string, language: string): string {
  const blocks = readFileSync(join(root, 'docs', document), 'utf8').split(`\n\`\`\`${language}\n`)
  expect(blocks, `blocks of ${language} in ${document}`).toHaveLength(2)
  return blocks[1]?.split('\n```')[0] as string
}

describe.skipIf(!hasPython)('docs/packs.md', () => {
  test('its Python writes a pack', { timeout: 30_000 }, async () => {
    const folder = scratchFolder()
    const { space } = await checkModel(modelFolder)
    const items = ['a', 'ü', '"'].map((id) => ({ id, title: id, image_link: `/${id}.jpg` }))
    writeFileSync(join(folder, 'space.json'), JSON.stringify(space))
    writeFileSync(join(folder, 'items.json'), JSON.stringify(items))
    const vectors = items.map((_, row) => Float32Array.from({ length: 192 }, (_, n) => Math.sin(row + n) * 7))
    writeFileSync(join(folder, 'vectors.npy'), numpyFile(vectors))
    execFileSync('python3', ['-c', code('packs.md', 'python')], { cwd: folder })

    const { pack, products } = await openPack(folder)
    expect(pack.space).toEqual(space)
    expect(pack.entries).toEqual(items.map(({ id, image_link }) => ({ id, contentKey: image_link })))
    expect([...products.values()]).toEqual(items)
    for (const [row, vector] of vectors.entries()) {
      expect(cosineSimilarity(decodeVector(pack.vectors, row), vector)).toBeGreaterThan(0.9999)
    }
  })

  test('its Python centers a catalogue where that is wanted, as index does', {
    timeout: 30_000,
  }, async () => {
    const folder = scratchFolder()
    const { space } = await loadModelFolder(toUrl(modelFolder), { fetch: fileFetch })
    const items = Array.from({ length: 20 }, (_, row) => {
      return { id: `p${row}`, title: 'A product', image_link: `/${row}.jpg` }
    })
    writeFileSync(join(folder, 'space.json'), JSON.stringify(space))
    writeFileSync(join(folder, 'items.json'), JSON.stringify(items))
    const vectors = items.map((_, row) => {
      return normalize(Array.from({ length: 192 }, (_, n) => Math.sin((row + 1) * (n + 1)) + 0.5))
    })
    writeFileSync(join(folder, 'vectors.npy'), numpyFile(vectors))
    const centering = code('packs.md', 'python').replace('CENTER = False', 'CENTER = True')
    execFileSync('python3', ['-c', centering], { cwd: folder })

    const { pack, projection } = await openPack(folder)
    expect(projection).toMatchObject({ from: space, to: pack.space, matrix: null, method: 'center' })
    expect(pack.space.centered).toBe(true)
    const mean = chooseMean(vectors, null)
    for (const [axis, component] of mean.entries()) expect(projection?.mean?.[axis]).toBeCloseTo(component, 5)
    for (const [row, vector] of vectors.entries()) {
      const expected = project(projection as Projection, { space: space as Space, vector })
      expect(cosineSimilarity(decodeVector(pack.vectors, row), expected.vector)).toBeGreaterThan(0.9999)
    }
  })

  test('its Python package reads what this one writes', { timeout: 30_000 }, async () => {
    const folder = scratchFolder()
    copyPhoto('chair', join(folder, 'chair.jpg'))
    writeFileSync(join(folder, 'feed.json'), '[{"id":"chair","title":"Chair","image_link":"chair.jpg"}]')
    const { indexCatalog } = await import('../../../../src/node/indexing/index-catalog.js')
    const { pack } = await indexCatalog({
      feed: join(folder, 'feed.json'),
      model: modelFolder,
      out: folder,
      workers: 1,
    })
    const script = `import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="np") as file:
    print(json.dumps([sorted(file.keys()), file.get_tensor("vectors").shape, file.metadata()["ids"]]))`
    const output = execFileSync('python3', ['-c', script, join(folder, pack)], { encoding: 'utf8' })
    expect(JSON.parse(output)).toEqual([['scales', 'vectors'], [1, 192], '["chair"]'])
  })
})

describe.skipIf(!built)('docs/command-line.md', () => {
  test('its code indexes a feed', { timeout: 30_000 }, async () => {
    const folder = scratchFolder()
    copyPhoto('chair', join(folder, 'chair.jpg'))
    const feed = [
      { id: 'chair', title: 'Chair', image_link: 'chair.jpg' },
      { id: 'none', title: 'None', image_link: 'none.jpg' },
    ]
    writeFileSync(join(folder, 'feed.jsonl'), feed.map((item) => JSON.stringify(item)).join('\n'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/similar-items'), 'dir')
    symlinkSync(modelFolder, join(folder, 'model'), 'dir')
    writeFileSync(join(folder, 'index.mjs'), code('command-line.md', 'ts'))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['index.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^none The picture .* does not exist/),
    })
    expect(stdout).toContain('2 of 2')
    const { pack } = await openPack(join(folder, 'public/similar'))
    expect(pack.space.dimensions).toBe(128)
  })

  test('lists every option of index', () => {
    const help = execFileSync(process.execPath, [join(root, 'dist/node/cli.js'), 'index', '--help'], {
      encoding: 'utf8',
    })
    const document = readFileSync(join(root, 'docs/command-line.md'), 'utf8')
    const options = [...help.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option as string)
    expect(options.length).toBeGreaterThan(10)
    expect(options.filter((option) => !document.includes(`\`${option}`))).toEqual([])
  })
})

/** Rows as numpy's own file format, version 1.0. */
function numpyFile(rows: readonly Float32Array[]): Buffer {
  const shape = `(${rows.length}, ${rows[0]?.length})`
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`
  const length = Buffer.alloc(2)
  length.writeUInt16LE(padded.length)
  const data = rows.map((row) => Buffer.from(row.buffer))
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(padded), ...data])
}
