import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../../src/measure/evaluation/evaluation.js'
import { hostile, kinds, madeLists, products, writeMadePack } from '../indexing/made-catalogue.js'
import { photoFolder, scratchFolder } from '../scratch.js'
import { isBuilt, runCommand, startCommand } from './command-process.js'

const folder = scratchFolder()
const sharp = await writeMadePack(join(folder, 'sharp'), 0.4)
const blurred = await writeMadePack(join(folder, 'blurred'), 3)
const lists = madeLists(400)
const log = file('clicks.jsonl', lists.map((list) => JSON.stringify(list)).join('\n'))
const evaluating = ['evaluate', log, '--packs', `${sharp},${blurred}/`]

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('similar-items evaluate', () => {
  test('prints a table: every pack, and random', async () => {
    const { code, stdout, stderr } = await runCommand(...evaluating)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ +nDCG@5 +P@1 +P@3 +MRR +recall@10$/m)
    for (const name of ['sharp', 'blurred', 'random']) {
      expect(stdout).toMatch(new RegExp(`^${name} +([01]\\.\\d{3} *){5}$`, 'm'))
    }
    // The baseline is the first; both others are clearly worse.
    expect(stdout).toMatch(/^nDCG@5 minus sharp +difference/m)
    expect(stdout).toMatch(/^blurred +-0\.\d+ +-0\.\d+ to -0\.\d+ +< 0\.001$/m)
    expect(stdout).toMatch(/^\d+ queries; \d+ without a relevant candidate left out\.$/m)
  })

  test('--json: estimates, categories and worst queries, the same with the same seed', async () => {
    const run = async (...more: string[]) => {
      const { stdout } = await runCommand(...evaluating, '--json', ...more)
      return JSON.parse(stdout) as Evaluation
    }
    const [first, second, other] = [await run(), await run(), await run('--seed', '2')]
    expect(second).toEqual(first)
    expect(other.systems[0]?.estimates['P@1']).not.toEqual(first.systems[0]?.estimates['P@1'])
    expect(other.systems[0]?.estimates['P@1']?.mean).toBe(first.systems[0]?.estimates['P@1']?.mean)
    expect(first.systems.map(({ name }) => name)).toEqual(['sharp', 'blurred', 'random'])
    expect(first.categories.map(({ category }) => category).sort()).toEqual(kinds.toSorted())
    expect(first.categories[0]?.means.random?.['nDCG@5']).toBeGreaterThan(0)
    expect(first.worst).toHaveLength(20)
    expect(first.worst[0]?.value).toBeLessThan(first.systems[0]?.estimates['nDCG@5']?.mean as number)
  })

  test('--html: one page with pictures, plots and categories, in which names are text', async () => {
    const html = join(folder, 'report.html')
    const { code, stderr } = await runCommand(...evaluating, '--html', html, '--images', photoFolder)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const page = readFileSync(html, 'utf8')
    expect(page.match(/class="plot"/g)).toHaveLength(5)
    expect(page.match(/src="data:image\/webp;base64,/g)?.length).toBeGreaterThan(20)
    // Every address in the page is one of its own pictures, and no product became an element.
    const addresses = [...page.matchAll(/<[^>]*\s(?:src|href)="?([^"\s>]*)/g)].map(([, address]) => address)
    expect(addresses.filter((address) => !address?.startsWith('data:image/webp'))).toEqual([])
    expect(page).not.toMatch(/<script|onerror=alert\(1\)>|https?:/)
    expect(page).toContain("default-src 'none'")
  })

  test('pictures that are not there are counted, and the report is written', async () => {
    const html = join(folder, 'bare.html')
    const { code, stderr } = await runCommand(...evaluating, '--html', html)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\d+ pictures of the report cannot be had from .*sharp; see --images\.$/m)
    expect(readFileSync(html, 'utf8')).not.toContain('<img')
  })

  test('CSV, in UTF-8 with a mark or in UTF-16, gives what JSON Lines give', async () => {
    const rows = lists.flatMap(({ query, shown }, list) =>
      shown.map((item) => [list, query, ...Object.values(item)].map(quoted).join(',')),
    )
    const text = `\ufefflist,query,item,position,clicked\n${rows.join('\n')}\n`
    const { stdout: expected } = await runCommand(...evaluating)
    for (const path of [
      file('clicks.csv', text),
      file('utf16.csv', Buffer.from(text, 'utf16le')),
      file('clicks.tsv', text.replaceAll(',', '\t')),
      file('CLICKS.CSV', text),
      file('semicolons.csv', text.replaceAll(',', ';')),
      file('excel.csv', `sep=;\r\n${text.slice(1).replaceAll(',', ';')}`),
    ]) {
      const { code, stdout, stderr } = await runCommand('evaluate', path, '--packs', `${sharp},${blurred}`)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toBe(expected)
    }
  })

  test('judgements, against random', async () => {
    const judged = products.slice(1, 40).flatMap(({ id, product_type }, index) => [
      { query: 'p0', item: id, grade: product_type === 'chairs' ? 3 : 0 },
      { query: 'p1', item: id, grade: index % 4 },
    ])
    const path = file('judged.jsonl', judged.map((judgement) => JSON.stringify(judgement)).join('\n'))
    const { code, stdout } = await runCommand('evaluate', path, '--packs', sharp, '--baseline', 'random')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^nDCG@5 minus random/m)
    expect(stdout).toMatch(/^2 queries\.$/m)
  })

  test('--position-bias weighs clicks on low positions more', async () => {
    const means = async (...more: string[]) => {
      const { stdout } = await runCommand(...evaluating, '--json', ...more)
      return (JSON.parse(stdout) as Evaluation).systems.map(({ estimates }) => estimates.MRR?.mean)
    }
    const [plain, weighed] = [await means(), await means('--position-bias', '1')]
    expect(weighed).not.toEqual(plain)
    expect(await means('--position-bias', '0')).toEqual(plain)
  })

  test('products that a pack does not have are left out and counted', async () => {
    const strange = { query: 'nobody', shown: [{ item: 'p1', position: 1, clicked: true }] }
    const half = { query: 'p1', shown: [{ item: 'nobody', position: 1, clicked: true }] }
    const path = file(
      'strange.jsonl',
      [strange, half, ...lists].map((list) => JSON.stringify(list)).join('\n'),
    )
    const { code, stderr } = await runCommand('evaluate', path, '--packs', sharp)
    expect(code).toBe(0)
    expect(stderr).toBe(
      '1 queries are of products that a pack does not have.\n' +
        '1 candidates of the other queries are products that a pack does not have.\n',
    )
  })

  const shown = '"shown":[{"item":"p1","position":1,"clicked":true}]'
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['no records', 'empty.jsonl', '\n\n', /empty\.jsonl has no records/],
    ['a header only', 'header.csv', 'list,query,item,position,clicked\n', /header\.csv has no records/],
    ['no JSON', 'broken.jsonl', `{"query":"p0",${shown}}\n{"query"`, /no JSON in line 2/],
    ['NaN, which is no JSON', 'nan.jsonl', '{"query":NaN}', /no JSON in line 1/],
    [
      'a list that is no record',
      'list.jsonl',
      '[1]',
      /record 1 of .*list\.jsonl is not an object: write one a line/,
    ],
    ['no query', 'query.jsonl', `{${shown}}`, /record 1 of .* needs a text as "query"/],
    [
      'neither list nor items',
      'shown.jsonl',
      '{"query":"p0"}',
      /needs "shown", the items of a list, or "list"/,
    ],
    [
      'a missing column',
      'column.csv',
      'list,query,item,position\n1,p0,p1,1\n',
      /needs true or false as "clicked"/,
    ],
    ['a row too short', 'short.csv', 'list,query\n1\n', /is not a table: .*line 2/],
    ['a quote too many', 'quote.csv', 'list,query\n1,"p0\n', /is not a table/],
    ['a position of NaN', 'p.csv', 'list,query,item,position,clicked\n1,p0,p1,NaN,1\n', /"position"/],
    [
      'a position below 0',
      'p0.csv',
      'list,query,item,position,clicked\n1,p0,p1,-1,1\n',
      /whole number from 0 on/,
    ],
    ['a huge grade', 'huge.csv', 'query,item,grade\np0,p1,1e308\n', /number from 0 to 1000000 as "grade"/],
    ['a negative grade', 'minus.csv', 'query,item,grade\np0,p1,-1\n', /"grade"/],
    ['Latin-1', 'latin.csv', Buffer.from('list,query\n1,Stühle\n', 'latin1'), /neither UTF-8 nor UTF-16/],
    ['no relevant item', 'nothing.csv', 'query,item,grade\np0,p1,0\n', /No query has a relevant candidate/],
    ['unknown products only', 'who.csv', 'query,item,grade\nx,y,1\n', /No query has a relevant candidate/],
  ])('%s: exit 2 and a sentence', async (_, name, content, message) => {
    const { code, stdout, stderr } = await runCommand('evaluate', file(name, content), '--packs', sharp)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test.each<[string, string[], number, RegExp]>([
    ['no log', ['evaluate', '--packs', sharp], 2, /Usage: similar-items evaluate LOG/],
    ['a log that is not there', ['evaluate', 'none.csv', '--packs', sharp], 2, /none\.csv does not exist/],
    ['a folder as the log', ['evaluate', folder, '--packs', sharp], 2, /is a folder\. Name a file/],
    ['no packs', ['evaluate', log], 2, /--packs is missing/],
    ['a pack that is not there', ['evaluate', log, '--packs', 'none'], 1, /none does not exist/],
    ['one pack twice', ['evaluate', log, '--packs', `${sharp},${sharp}`], 2, /Two systems have one name/],
    ['an unknown baseline', [...evaluating, '--baseline', 'x'], 2, /baseline "x" is none of sharp, blurred/],
    ['a bias that is none', [...evaluating, '--position-bias', 'NaN'], 2, /--position-bias takes a number/],
    ['a report that cannot be written', [...evaluating, '--html', folder], 1, /cannot be written/],
  ])('%s', async (_, argv, code, message) => {
    const { code: found, stderr } = await runCommand(...argv)
    expect({ code: found, stderr }).toEqual({ code, stderr: expect.stringMatching(message) })
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('packs of one name in two folders are told apart', async () => {
    const other = await writeMadePack(join(folder, 'other/sharp'), 1)
    const { stdout } = await runCommand('evaluate', log, '--packs', `${sharp},${other}`)
    expect(stdout).toMatch(/^\S*other\/sharp /m)
  })
})

describe.skipIf(!isBuilt)('as a process', () => {
  test('its exit code and both streams', async () => {
    const { ended } = startCommand([...evaluating, '--position-bias=-1'])
    expect(await ended).toEqual({
      code: 2,
      stdout: '',
      stderr: '--position-bias takes a number from 0 to 10; it is "-1".\n',
    })
  })

  test('ends at Ctrl-C with 130, in the middle of arithmetic', async () => {
    // A pipe: once somebody reads from it, the command has begun.
    const pipe = join(folder, 'pipe.jsonl')
    const html = join(folder, 'never.html')
    execFileSync('mkfifo', [pipe])
    const running = startCommand(['evaluate', pipe, '--packs', `${sharp},${blurred}`, '--html', html])
    const lines = lists.map((list) => `${JSON.stringify(list)}\n`).join('')
    await writeFile(pipe, lines.repeat(100))
    running.process.kill('SIGINT')
    expect(await running.ended).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' })
    expect(existsSync(html)).toBe(false)
  })
})

function quoted(value: unknown): string {
  return value === hostile ? `"${hostile.replaceAll('"', '""')}"` : String(value)
}
