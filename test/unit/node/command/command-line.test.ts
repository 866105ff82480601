import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lockName } from '../../../../src/node/files/folder-lock.js'
import type { IndexReport } from '../../../../src/node/index.js'
import { journalName } from '../../../../src/node/indexing/index-catalog.js'
import { modelFolder, photoFolder, scratchFolder } from '../scratch.js'
import { isBuilt, startCommand } from './command-process.js'

const folder = scratchFolder()
const feed = join(folder, 'feed.jsonl')
const names = readdirSync(photoFolder).filter((name) => name.endsWith('.jpg'))
writeFileSync(
  feed,
  names.map((name) => JSON.stringify({ id: name, title: name, image_link: name })).join('\n'),
)
const out = join(folder, 'out')
// The weights are stated, so that no run spends its time on measuring which are fastest here.
const weights = ['--precision', 'int8']
const indexing = ['index', feed, '--model', modelFolder, ...weights, '--images', photoFolder, '--out', out]

describe.skipIf(!isBuilt)('the command line', () => {
  test('goes on after kill -9, without ever leaving a file that is not whole', {
    timeout: 60_000,
  }, async () => {
    const running = startCommand(indexing)
    await waitForLines(join(out, journalName), 5)
    running.process.kill('SIGKILL')
    await running.ended
    expect(readdirSync(out).sort()).toEqual([journalName, lockName])

    const report = join(folder, 'report.json')
    const { code, stdout, stderr } = await startCommand([...indexing, '--report', report]).ended
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('54 products in pack-')
    expect(stdout).toMatch(
      /^<similar-items catalog="\/out\/catalog\.json" item="ID" model="[^"]+"><\/similar-items>$/m,
    )
    const { pictures, pack } = JSON.parse(readFileSync(report, 'utf8')) as IndexReport
    // The fifth line of the journal is its fourth picture.
    expect(pictures.unchanged).toBeGreaterThanOrEqual(4)
    expect(pictures).toMatchObject({ total: 54, encoded: 54 - pictures.unchanged, failed: 0 })
    expect(readdirSync(out).sort()).toEqual([journalName, 'catalog.json', pack])
    // Where there is no terminal, progress comes in plain lines.
    expect(stderr).toMatch(/^54\/54 pictures, [\d.]+\/s$/m)
    expect(stderr).not.toContain('\x1b')
  })

  test('leaves a folder alone that another process writes', { timeout: 60_000 }, async () => {
    rmSync(out, { recursive: true, force: true })
    const first = startCommand(indexing)
    await waitForLines(join(out, journalName), 3)
    const second = await startCommand(indexing).ended
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toContain(`process ${first.process.pid} on ${hostname()} is writing into ${out}`)
    expect(await first.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('54 products') })
    expect(readdirSync(out)).not.toContain(lockName)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('ends at %s with 130 and keeps what it has', async (signal) => {
    rmSync(out, { recursive: true, force: true })
    const running = startCommand(indexing)
    await waitForLines(join(out, journalName), 3)
    running.process.kill(signal)
    expect(await running.ended).toMatchObject({ code: 130, stderr: expect.stringContaining('Interrupted.') })
    expect(readdirSync(out)).toEqual([journalName])
    expect(readFileSync(join(out, journalName), 'utf8')).toMatch(/\n$/)
  })

  test.each([
    ['no command', [], 2, /similar-items index FEED/],
    ['an unknown command', ['indx'], 2, /no command "indx"/],
    [
      'an unknown option',
      [...indexing, '--dim', '3'],
      2,
      /index has no option "--dim"\. Did you mean "--dims"\?/,
    ],
    [
      'an option that resembles none',
      [...indexing, '--fast'],
      2,
      /no option "--fast"\. similar-items index --help/,
    ],
    ['an option without its value', [...indexing, '--dims', '--strict'], 2, /--dims needs a value/],
    ['a flag with a value', [...indexing, '--strict=yes'], 2, /--strict takes no value/],
    ['the command nearest to a mistyped one', ['indx'], 2, /Did you mean "index"\?/],
    ['more dimensions than the model has', [...indexing, '--dims', '9999'], 2, /more than the model's 192/],
    ['more axes than pictures', [...indexing, '--dims', '55'], 2, /need as many pictures; the feed has 54/],
    ['the version', ['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    ['a number that is none', [...indexing, '--dims', 'many'], 2, /--dims takes a positive whole number/],
    ['a missing option', ['index', feed], 2, /--out is missing/],
    ['nothing to refit', [...indexing, '--refit'], 2, /nothing to refit/],
    ['a file and centering', [...indexing, '--projection', 'x', '--center'], 2, /says itself/],
    [
      'a missing feed',
      ['index', 'none.xml', '--model', modelFolder, '--out', out],
      1,
      /none\.xml cannot be read/,
    ],
    [
      'a missing model',
      ['index', feed, '--model', join(folder, 'none'), '--out', out],
      1,
      /The model folder .*none does not exist\. Name a folder/,
    ],
    ['a file as the model', ['doctor', feed], 1, /is a file, no folder/],
    ['a feed in place of a pack', ['inspect', feed], 1, /is text, no pack\. Name the folder/],
    [
      'a folder without a catalogue',
      ['inspect', folder],
      1,
      /catalog\.json does not exist\. Name the folder/,
    ],
    // Before anything is encoded: `onProgress` would have written a line.
    [
      'a projection that is not there',
      [...indexing, '--projection', 'none'],
      1,
      /^The projection none cannot/,
    ],
  ])('%s', async (_, argv, code, message) => {
    const { code: found, stdout, stderr } = await startCommand(argv).ended
    expect(found).toBe(code)
    expect(stdout + stderr).toMatch(message)
    // Errors of this package are sentences, not stack traces.
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('doctor passes the model of the package, which needs no name', async () => {
    const { code, stdout } = await startCommand(['doctor', '--json']).ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout).files).toMatchObject([
      { compute: 'int7', dimensions: 192, problem: null },
      { compute: 'int8', dimensions: 192, problem: null },
      { compute: 'fp32', dimensions: 192, problem: null },
    ])
  })
})

async function waitForLines(path: string, count: number): Promise<void> {
  const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0)
  while (lines() < count) await new Promise((resolve) => setTimeout(resolve, 5))
}
