import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Terminal } from '../../../../src/node/command/command.js'
import { runCommandLine } from '../../../../src/node/command/command-line.js'
import { indexCatalog } from '../../../../src/node/indexing/index-catalog.js'
import { copyPhoto, modelFolder, scratchFolder } from '../scratch.js'

/** A chair whose sizes have copies of its picture and no group, a hat in two colours, and a camera. */
describe('variants on the command line', () => {
  const folder = scratchFolder()
  const pack = join(folder, 'out')

  beforeAll(async () => {
    for (const name of ['chair', 'hat', 'camera'] as const) copyPhoto(name, join(folder, `${name}.jpg`))
    const chair = readFileSync(join(folder, 'chair.jpg'))
    await sharp(chair).resize({ width: 600 }).jpeg({ quality: 70 }).toFile(join(folder, 'small.jpg'))
    await sharp(readFileSync(join(folder, 'hat.jpg')))
      .modulate({ hue: 120 })
      .toFile(join(folder, 'blue-hat.jpg'))
    const hat = { item_group_id: 'hat' }
    const items = [
      { id: 'chair-s', image_link: 'chair.jpg' },
      { id: 'chair-m', image_link: 'small.jpg' },
      { id: 'chair-l', image_link: 'chair.jpg' },
      { id: 'hat-red', image_link: 'hat.jpg', ...hat },
      { id: 'hat-blue', image_link: 'blue-hat.jpg', ...hat },
      { id: 'camera', image_link: 'camera.jpg' },
    ].map((item) => ({ ...item, title: item.id }))
    writeFileSync(join(folder, 'feed.json'), JSON.stringify(items))
    await indexCatalog({ feed: join(folder, 'feed.json'), model: modelFolder, out: pack, workers: 1 })
  }, 60_000)

  async function run(...argv: string[]): Promise<string> {
    const { code, out, err } = await runCommand(argv)
    expect({ code, err }).toMatchObject({ code: 0 })
    return out
  }

  async function neighbors(...more: string[]): Promise<Record<string, string[]>> {
    const out = join(folder, `neighbors-${more.join('')}`)
    await run('neighbors', pack, '--out', out, ...more)
    const files = readdirSync(out).map((name) => JSON.parse(readFileSync(join(out, name), 'utf8')))
    const lists = Object.entries(Object.assign({}, ...files) as Record<string, [string, number][]>)
    return Object.fromEntries(lists.map(([id, list]) => [id, list.map(([other]) => other).sort()]))
  }

  test('neighbour files have one of each, and no copy of the product’s own picture', async () => {
    const lists = await neighbors()
    for (const size of ['chair-s', 'chair-m', 'chair-l']) {
      expect(lists[size]).toEqual(['camera', expect.stringMatching(/^hat-/)])
    }
    expect(lists['hat-red']).toEqual(['camera', expect.stringMatching(/^chair-/)])
    expect((await neighbors('--per-group', '2'))['chair-s']).toEqual(['camera', 'hat-blue', 'hat-red'])
  })

  test('a search with a photo shows the product itself, and one of each', async () => {
    const search = async (...more: string[]) => {
      const given = ['--image', join(folder, 'chair.jpg'), '--model', modelFolder, '--json', ...more]
      const hits = JSON.parse(await run('search', pack, ...given)) as { id: string }[]
      return hits.map(({ id }) => id)
    }
    const [first, ...others] = await search()
    expect(first).toBe('chair-l')
    expect(others.sort()).toEqual(['camera', expect.stringMatching(/^hat-/)])
    expect((await search('--per-group', '2')).sort()).toEqual(['camera', 'chair-l', 'hat-blue', 'hat-red'])
  })

  test('a number of variants that is none is refused', async () => {
    const { code, err } = await runCommand(['neighbors', pack, '--out', folder, '--per-group', '0'])
    expect(code).toBe(2)
    expect(err).toContain('--per-group takes a positive whole number')
  })
})

async function runCommand(argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: [] as string[], err: [] as string[] }
  const stream = (texts: string[]) => ({ write: (text: string) => void texts.push(text) })
  const terminal = { out: stream(written.out), err: stream(written.err) } as unknown as Terminal
  const code = await runCommandLine(argv, terminal, new AbortController().signal)
  return { code, out: written.out.join(''), err: written.err.join('') }
}
