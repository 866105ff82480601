import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openPack } from '../../../../src/node/pack/open-pack.js'
import { readProjection } from '../../../../src/vectors/projection.js'
import { generateTextModel } from '../../../fixtures/generate-text-model.js'
import {
  dimensions,
  kinds,
  kindVectors,
  madeLists,
  space,
  writeMadePack,
} from '../indexing/made-catalogue.js'
import { scratchFolder } from '../scratch.js'
import { isBuilt, runCommand, startCommand } from './command-process.js'

const folder = scratchFolder()
const pack = await writeMadePack(join(folder, 'pack'), 0.8)
const log = join(folder, 'clicks.jsonl')
const lines = madeLists(300).map((list) => `${JSON.stringify(list)}\n`)
writeFileSync(log, lines.join(''))

/** A text tower that knows the kinds, with vectors of so many dimensions. */
function writeTower(name: string, size: number): string {
  const words = kinds.map(
    (kind, index) => [kind, Float32Array.from(kindVectors[index] ?? []).slice(-size)] as const,
  )
  const model = join(folder, name)
  for (const [path, content] of generateTextModel({ words: new Map(words) })) {
    mkdirSync(dirname(join(model, path)), { recursive: true })
    writeFileSync(join(model, path), content)
  }
  return model
}
const tower = writeTower('tower', dimensions)

describe('similar-items tune', () => {
  test.each<[string, string[]]>([
    ['clicks', ['--log', log]],
    ['an attribute', ['--label', 'product_type']],
    ['an attribute and titles', ['--label', 'product_type', '--titles']],
    ['titles alone', ['--titles']],
    ['a text tower', ['--label', 'product_type', '--titles', '--text-model', tower]],
  ])('learns from %s', async (name, sources) => {
    const out = join(folder, `${name.replaceAll(' ', '-')}.safetensors`)
    const { code, stdout, stderr } = await runCommand(
      'tune',
      pack,
      '--out',
      out,
      '--dims',
      '24,8',
      ...sources,
    )
    const lines = stderr.trimEnd().split('\n')
    const scores = lines.filter((line) => /^step \d+0?: nDCG@5 of held-out products [01]\.\d{4}$/.test(line))
    // With so few products, what is best may be the encoder as it is.
    const isBetter = Math.max(...scores.map(scoreOf)) > scoreOf(scores[0])
    expect({ code, isWritten: existsSync(out), said: lines.slice(scores.length) }).toEqual({
      code: isBetter ? 0 : 1,
      isWritten: isBetter,
      said: isBetter ? [] : ['Nothing was better than the encoder as it is; no projection is written.'],
    })
    if (!isBetter) return
    expect(stdout).toMatch(new RegExp(`^${out}: \\d+ steps on \\d+ pairs`))
    const { from, to, matrix } = await readProjection(Uint8Array.from(readFileSync(out)), name)
    expect([from.fingerprint, to.dimensions]).toEqual([space.fingerprint, 24])
    expect([...(matrix?.subarray(0, 2) ?? [])]).not.toEqual([1, 0])
  })

  test('a pack that is centered gives a projection that centers, too', async () => {
    const centered = await writeMadePack(join(folder, 'centered'), 1.6, { isCentered: true })
    const { projection } = await openPack(centered)
    const out = join(folder, 'from-centered.safetensors')
    const { code, stderr } = await runCommand('tune', centered, '--out', out, '--log', log)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const tuned = await readProjection(Uint8Array.from(readFileSync(out)), out)
    expect(tuned).toMatchObject({
      from: space,
      to: { dimensions, centered: true },
      method: 'tuned',
      mean: projection?.mean,
    })
    expect(tuned.matrix).toHaveLength(dimensions * dimensions)
    expect(tuned.to.fingerprint).not.toBe(projection?.to.fingerprint)
  })

  test.each([
    [
      'a centered pack without its folder',
      'alone',
      /without its projection; give the folder that index wrote/,
    ],
    ['a pack with a matrix', 'cut', /is projected already/],
  ])('%s', async (_, name, message) => {
    const options = name === 'cut' ? { cut: 8 } : { isCentered: true }
    const made = await writeMadePack(join(folder, name), 0.8, options)
    const given = name === 'cut' ? made : (await openPack(made)).path
    const { code, stderr } = await runCommand('tune', given, '--out', join(folder, 'no'), '--log', log)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  test('the same seed gives the same, another one something else', async () => {
    const run = async (...more: string[]) => {
      const out = join(folder, `seeded${more.join('')}`)
      const { stderr } = await runCommand('tune', pack, '--out', out, '--log', log, '--titles', ...more)
      return { stderr, file: existsSync(out) && readFileSync(out) }
    }
    const first = await run()
    expect(await run()).toEqual(first)
    expect((await run('--seed', '2')).stderr).not.toBe(first.stderr)
  })

  test('pairs of products that the pack does not have are left out and counted', async () => {
    const strange = { query: 'nobody', shown: [{ item: 'p1', position: 1, clicked: true }] }
    const path = join(folder, 'strange.jsonl')
    writeFileSync(path, `${lines.join('')}${JSON.stringify(strange)}\n`)
    const { stderr } = await runCommand('tune', pack, '--out', join(folder, 'some'), '--log', path)
    expect(stderr).toMatch(/^1 of \d+ clicked pairs have a product that the pack does not have\.$/m)
  })

  const out = join(folder, 'never.safetensors')
  const labels = ['--label', 'product_type']
  test.each<[string, string[], number, RegExp]>([
    ['no output', ['tune', pack, ...labels], 2, /--out is missing/],
    ['nothing to learn from', ['tune', pack, '--out', out], 2, /Say what to learn from/],
    ['both sources', ['tune', pack, '--out', out, ...labels, '--log', log], 2, /not both/],
    [
      'a tower without titles',
      ['tune', pack, '--out', out, ...labels, '--text-model', tower],
      2,
      /is for --titles/,
    ],
    [
      'an attribute that nothing has',
      ['tune', pack, '--out', out, '--label', 'size'],
      2,
      /No two products .* "size"/,
    ],
    [
      'dimensions beyond the encoder',
      ['tune', pack, '--out', out, ...labels, '--dims', '25'],
      2,
      /between 1 and 24/,
    ],
    [
      'dimensions that are none',
      ['tune', pack, '--out', out, ...labels, '--dims', 'all'],
      2,
      /between 1 and 24/,
    ],
    ['a log without clicks', ['tune', pack, '--out', out, '--log', bare()], 2, /0 pairs are too few/],
    ['a pack that is not there', ['tune', 'none', '--out', out, ...labels], 1, /none does not exist/],
    [
      'a tower of another model',
      ['tune', pack, '--out', out, '--titles', '--text-model', writeTower('small', 12)],
      2,
      /gives 12 numbers, the encoder of the pack 24/,
    ],
    [
      'a tower that is not there',
      ['tune', pack, '--out', out, '--titles', '--text-model', 'none'],
      1,
      /text_model/,
    ],
    ['an output that cannot be written', ['tune', pack, '--out', folder, ...labels], 1, /cannot be written/],
  ])('%s', async (_, argv, code, message) => {
    const { code: found, stdout, stderr } = await runCommand(...argv)
    expect({ code: found, stdout }).toEqual({ code, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n {4}at /)
    expect(existsSync(out)).toBe(false)
  })

  test('a pack without its folder has no products to read titles of', async () => {
    const { code, stderr } = await runCommand('tune', packFile(), '--out', out, '--titles')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('give the folder that index wrote'),
    })
  })
})

describe.skipIf(!isBuilt)('as a process', () => {
  test('ends at Ctrl-C with 130 and writes nothing', async () => {
    const pipe = join(folder, 'pipe.jsonl')
    const out = join(folder, 'interrupted.safetensors')
    execFileSync('mkfifo', [pipe])
    const running = startCommand(['tune', pack, '--out', out, '--log', pipe])
    await writeFile(pipe, lines.join(''))
    running.process.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toMatch(/Interrupted\.\n$/)
    expect(existsSync(out)).toBe(false)
  })
})

function scoreOf(line: string | undefined): number {
  return Number(line?.split(' ').at(-1))
}

function bare(): string {
  const path = join(folder, 'bare.csv')
  writeFileSync(path, 'list,query,item,position,clicked\n1,p0,p1,1,false\n')
  return path
}

function packFile(): string {
  const { pack: reference } = JSON.parse(readFileSync(join(pack, 'catalog.json'), 'utf8'))
  return join(pack, reference.url)
}
