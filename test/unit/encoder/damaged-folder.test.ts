import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadModelFolder } from '../../../src/encoder/model/model-folder.js'
import { SimilarItemsError } from '../../../src/errors.js'

const folder = 'https://shop.example/model/'
const packaged = new URL('../../../public/models/siglip-tiny-patch16-224/', import.meta.url)
const names = ['config.json', 'preprocessor_config.json', 'self-check.json'] as const
const sound = new Map<string, string>(
  names.map((name) => [name, readFileSync(new URL(name, packaged), 'utf8')]),
)
// The same with short embeddings: cut at every length, the packaged one would take minutes.
const check = JSON.parse(sound.get('self-check.json') ?? '')
check.pictures = check.pictures.slice(0, 2)
for (const picture of check.pictures) picture.embedding = picture.embedding.slice(0, 4)
sound.set('self-check.json', JSON.stringify(check))

/** Opens the folder with one file in a damaged state. */
function open(damaged: string, text: string) {
  const served = (input: RequestInfo | URL) => {
    const name = String(input).slice(folder.length)
    return Promise.resolve(new Response(name === damaged ? text : sound.get(name)))
  }
  return loadModelFolder(folder, { fetch: served })
}

/** Whether it opens; otherwise the error has to be ours and name the file. */
async function opens(name: string, text: string): Promise<boolean> {
  try {
    await open(name, text)
    return true
  } catch (error) {
    expect(error, `${name}: ${text.slice(0, 80)}`).toBeInstanceOf(SimilarItemsError)
    const { code, subject, message } = error as SimilarItemsError
    expect(['model-invalid', 'model-unreachable']).toContain(code)
    expect(subject).toBe(folder + name)
    expect(message).toContain(folder + name)
    return false
  }
}

describe.each(names)('%s', (name) => {
  const text = sound.get(name) ?? ''

  test('is read when it is whole', async () => {
    expect(await opens(name, text)).toBe(true)
  })

  test('is refused by name when it is cut off, wherever that is', async () => {
    let refused = 0
    for (let length = 0; length < text.trimEnd().length; length++) {
      refused += Number(!(await opens(name, text.slice(0, length))))
    }
    expect(refused).toBe(text.trimEnd().length)
  })

  test.each(['null', '7', '"text"', '[]', '[null]', '{}', 'true', '[[[]]]'])(
    'is refused, or does without, when it holds %s',
    async (json) => {
      // An empty processor configuration states no size, and an empty self-check no reference.
      expect(await opens(name, json)).toBe(false)
    },
  )

  test('is refused by name, or read, when it is JSON of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        await opens(name, JSON.stringify(value))
      }),
      { numRuns: 100 },
    )
  })

  test('is refused by name, or read, when a value of it is of another shape', async () => {
    const paths = [...pathsOf(JSON.parse(text))]
    const odd = fc.oneof(
      fc.constantFrom('1e999', '-1e999', '1e308', '1e-320', '-0', '"__proto__"', 'null', '[]', '{}'),
      fc.json(),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), odd, async (path, json) => {
        await opens(name, replaced(text, path, json))
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['the sums of an embedding are beyond numbers', 'self-check.json', '1e308'],
  ['the embedding is nothing in single precision', 'self-check.json', '1e-60'],
])('no reference where %s', async (_, name, number) => {
  const pictures = check.pictures.map((picture: object) => ({ ...picture, embedding: Array(4).fill('N') }))
  const text = JSON.stringify({ ...check, pictures }).replaceAll('"N"', number)
  expect(await opens(name, text)).toBe(false)
})

test.each([
  ['image_mean', '[1e999, 0, 0]'],
  ['image_std', '[1e999, 1, 1]'],
  ['rescale_factor', '1e999'],
])('no preprocessing with an infinite %s', async (key, json) => {
  const config = JSON.stringify({ ...JSON.parse(sound.get(names[1]) ?? ''), [key]: 'N' })
  expect(await opens(names[1], config.replace('"N"', json))).toBe(false)
})

type Path = readonly (string | number)[]

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key])
}

/** The JSON text with what stands at a path replaced by other JSON, which need not be a value of JavaScript's. */
function replaced(text: string, path: Path, json: string): string {
  const mark = '@replaced@'
  const root = { value: JSON.parse(text) }
  let at: Record<string, unknown> = root
  for (const key of ['value', ...path].slice(0, -1)) at = at[key] as Record<string, unknown>
  at[['value', ...path].at(-1) as string] = mark
  return JSON.stringify(root.value).replace(`"${mark}"`, () => json)
}
