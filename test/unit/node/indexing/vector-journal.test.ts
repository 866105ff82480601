import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { VectorSource } from '../../../../src/node/encoder/vector-source.js'
import { readJournal, VectorJournal } from '../../../../src/node/indexing/vector-journal.js'
import { scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const source = { space: 'a', weights: 'int8.onnx' }
const entry = { picture: 'file:///1.jpg', version: 'v1', vector: Float32Array.of(0.6, 0.8) }

async function open(path: string, by: VectorSource = source) {
  return VectorJournal.open(path, by, await readJournal(path))
}

async function written(name: string): Promise<string> {
  const path = join(folder, name)
  const journal = await open(path)
  await journal.add(entry)
  await journal.close()
  return path
}

async function found(path: string, by?: VectorSource) {
  const journal = await open(path, by)
  await journal.close()
  return journal.get(entry.picture)
}

test('entries are there for who has the same space and weights, and forgotten for others', async () => {
  for (const other of [
    { ...source, weights: 'fp32.onnx' },
    { ...source, space: 'b' },
  ]) {
    const path = await written('journal.jsonl')
    expect(await found(path)).toEqual(entry)
    expect(await found(path, other)).toBeUndefined()
    expect(await found(path)).toBeUndefined()
  }
})

test('a journal says what made it, also one of a model that was in another folder', async () => {
  const path = await written('moved.jsonl')
  expect((await readJournal(path))?.source).toEqual(source)
  writeFileSync(path, readFileSync(path, 'utf8').replace('int8.onnx', 'file:///old/models/int8.onnx'))
  expect((await readJournal(path))?.source).toEqual(source)
  expect(await found(path)).toEqual(entry)
})

test.each([
  ['a line cut off', '{"picture":"file:///2.jpg","version":"v1","vec'],
  ['a line without its end', JSON.stringify({ picture: '2', version: 'v1', vector: 'AAAAAAAAAAA=' })],
  ['a line that is no object', 'null\n'],
  ['a vector of another length', `${JSON.stringify({ picture: '2', version: 'v1', vector: 'AAAAAA==' })}\n`],
  ['half a number', `${JSON.stringify({ picture: '2', version: 'v1', vector: 'AAAA' })}\n`],
  [
    'a vector that is not finite',
    `${JSON.stringify({ picture: '2', version: 'v1', vector: 'AADAfwAAAAA=' })}\n`,
  ],
])('%s is dropped, and what is added later is whole', async (_what, line) => {
  const path = await written('damaged.jsonl')
  const whole = readFileSync(path, 'utf8')
  writeFileSync(path, whole + line)
  expect(await found(path)).toEqual(entry)
  expect(readFileSync(path, 'utf8')).toBe(whole)
})

test.each(['', 'no JSON\n', '{}\n', 'null\n'])(
  'a journal that begins with %j is begun anew',
  async (text) => {
    const path = join(folder, 'none.jsonl')
    writeFileSync(path, text)
    expect(await readJournal(path)).toBeNull()
    expect(await found(path)).toBeUndefined()
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(source)}\n`)
  },
)

test('a journal of a header alone is none: what made it has made nothing', async () => {
  const path = join(folder, 'header.jsonl')
  await (await open(path)).close()
  expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(source)}\n`)
  expect(await readJournal(path)).toBeNull()
  // Nor does a first line hold that was cut off.
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"picture":"file:///1.jpg","ver`)
  expect(await readJournal(path)).toBeNull()
  const other = { ...source, weights: 'fp32.onnx' }
  await (await open(path, other)).close()
  expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(other)}\n`)
})
