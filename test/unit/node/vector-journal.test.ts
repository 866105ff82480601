import { join } from 'node:path'
import { expect, test } from 'vitest'
import { VectorJournal } from '../../../src/node/indexing/vector-journal.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { scratchFolder } from './scratch.js'

const folder = scratchFolder()
const space = makeSpace({ model: 'a', preprocessing: 'none', projection: null, dimensions: 2 })

test('entries are there for who has the same space and weights, and forgotten for others', async () => {
  const path = join(folder, 'journal.jsonl')
  const entry = { picture: 'file:///1.jpg', version: 'v1', vector: Float32Array.of(0.6, 0.8) }
  const reopen = async (weights: string) => {
    const journal = await VectorJournal.open(path, space, weights)
    const found = journal.get(entry.picture)
    await journal.close()
    return found
  }
  const journal = await VectorJournal.open(path, space, 'int8.onnx')
  await journal.add(entry)
  await journal.close()
  expect(await reopen('int8.onnx')).toEqual(entry)
  expect(await reopen('fp32.onnx')).toBeUndefined()
  expect(await reopen('int8.onnx')).toBeUndefined()
})
