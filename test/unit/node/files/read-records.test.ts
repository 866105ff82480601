import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRecords } from '../../../../src/node/files/read-records.js'
import { startOf } from '../../../../src/node/files/text-lines.js'
import { scratchFolder } from '../scratch.js'

const folder = scratchFolder()

function read(name: string, content: string): Promise<unknown[]> {
  const path = join(folder, name)
  writeFileSync(path, content)
  return readRecords(path, AbortSignal.timeout(60_000))
}

const one = { visitor: '1', position: '2' }

test.each([
  ['spaces around cells', 'visitor,position\n 1 ,\t2\n'],
  ['a cell in quotes behind a space', 'visitor, position\n1, "2"\n'],
  ['a line of spaces', 'visitor,position\n   \n1,2\n \t \n'],
  ['a line of commas', 'visitor,position\n1,2\n,\n,,,,\n'],
  ['a comma at the end of every line', 'visitor,position,\n1,2,\n'],
  ['a comma at the end of the header', 'visitor,position,\n1,2\n'],
  ['a comma at the end of a row', 'visitor,position\n1,2,\n'],
  ['a column without a name', 'visitor,,position\n1,x,2\n'],
  ['two columns of one name: the first counts', 'visitor,position,visitor\n1,2,3\n'],
  ['lines that end in a bare carriage return', 'visitor,position\r1,2\r'],
  ['a comment before such lines', '# of November\rvisitor,position\r1,2\r'],
])('CSV with %s', async (_, text) => {
  expect(await read('log.csv', text)).toEqual([one])
})

test('TSV keeps its empty cells', async () => {
  expect(await read('log.tsv', 'list\tvisitor\tposition\n\t1\t\n')).toEqual([
    { list: '', visitor: '1', position: '' },
  ])
})

test.each([
  ['visitor,position\n1,2\n1\n', 'line 3 has 1 cells, the header 2'],
  ['visitor,position\n1,2,x\n', 'line 2 has 3 cells, the header 2. A cell with a "," in it needs quotes'],
])('a row that fits no header is an error: %j', async (text, message) => {
  await expect(read('log.csv', text)).rejects.toThrow(message)
})

test.each(['\n', '\r\n', '\r', '\n\n', '\r\r\n'])('JSON Lines that end in %j', async (end) => {
  const lines = [{ a: 1 }, { b: 'x\u2028y' }, { c: 3 }]
  expect(await read('log.jsonl', lines.map((line) => JSON.stringify(line) + end).join(''))).toEqual(lines)
})

test.each(['\n', '\r\n', '\r'])('the number of a bad line is right with %j, too', async (end) => {
  await expect(read('bad.jsonl', ['{}', '', '{}', 'x', ''].join(end))).rejects.toThrow('no JSON in line 4')
})

test('the beginning of a text is a few pieces of it, though no line ends, and all of one in small pieces', async () => {
  let taken = 0
  async function* pieces(): AsyncGenerator<string> {
    for (; taken < 1000; taken++) yield 'a'.repeat(100)
  }
  expect(await startOf(pieces(), 1000)).toBe('a'.repeat(1000))
  expect(taken).toBeLessThan(11)
  // A pipe may give a comment alone.
  async function* small(): AsyncGenerator<string> {
    yield* ['# a\n', 'visitor;', 'position\n']
  }
  expect(await startOf(small(), 1000)).toBe('# a\nvisitor;position\n')
})
