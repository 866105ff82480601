import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { defaultMinCosine, parseSelfCheck, worstCosine } from '../../../src/encoder/self-check.js'
import { chequerboard, stillLife } from '../../../src/encoder/self-check-picture.js'
import { SimilarItemsError } from '../../../src/errors.js'
import { cosineSimilarity } from '../../../src/vectors/normalize.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const shipped = readFileSync(`${root}public/models/siglip-tiny-patch16-224/self-check.json`, 'utf8')
const read = (name: string) => JSON.parse(readFileSync(`${root}test/fixtures/reference/${name}`, 'utf8'))

interface Computed {
  readonly full: number[]
  readonly saturated: number[]
  readonly exact: number[]
}

const versionOne = read('self-check-version-1.json') as {
  pictures: (Computed & { seed: number })[]
  chequerboard: Computed
}

describe('the self-check sees a processor that saturates ordinary 8-bit weights', () => {
  // The photos themselves got 0.951 at worst there.
  test('which passed with the one picture of version 1', () => {
    const { full, saturated } = versionOne.chequerboard
    expect(cosineSimilarity(full, saturated)).toBeGreaterThan(0.99)
  })

  test('and passes one that does not', async () => {
    const pictures = versionOne.pictures.map(({ seed, full }) => ({ seed, embedding: full }))
    const selfCheck = await parseSelfCheck(JSON.stringify({ pictures }), 'self-check.json')
    const worst = (kind: keyof Computed) =>
      worstCosine(
        selfCheck,
        versionOne.pictures.map((picture) => Float32Array.from(picture[kind])),
      )
    console.log(
      `ordinary 8-bit weights: worst cosine ${worst('saturated').toFixed(4)} where sums saturate, ` +
        `${worst('exact').toFixed(4)} where they do not; ${selfCheck.minCosine.int8} is needed`,
    )
    expect(worst('saturated')).toBeLessThan(selfCheck.minCosine.int8 - 0.04)
    expect(worst('exact')).toBeGreaterThan(selfCheck.minCosine.int8 + 0.003)
    expect(worst('full')).toBeGreaterThan(selfCheck.minCosine.fp32)
  })

  test('with the pictures that are shipped', () => {
    const { pictures } = JSON.parse(shipped) as { pictures: { seed: number }[] }
    expect(pictures.map(({ seed }) => seed)).toEqual(versionOne.pictures.map(({ seed }) => seed))
  })
})

test('the reference pictures are the same bytes everywhere', () => {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  expect(hash(stillLife(136, 224, 224))).toBe('08d432d7482d15f7')
  expect(hash(stillLife(2 ** 32 - 1, 96, 64))).toBe('55468588da52bb73')
  expect(hash(chequerboard(224, 224))).toBe('6c8d7db8900a18fb')
})

describe('the model', () => {
  test('has the same name whichever of its files there are', async () => {
    const { files, ...rest } = JSON.parse(shipped)
    const fewer = await parseSelfCheck(JSON.stringify({ ...rest, files: {} }), 'a')
    const all = await parseSelfCheck(JSON.stringify({ ...rest, files }), 'b')
    expect(all.files.size).toBeGreaterThanOrEqual(2)
    expect(fewer.model).toBe(all.model)
  })

  test('has the name that docs/models.md says how to make', async () => {
    const pictures = [
      { seed: 7, embedding: [1, -0.25, 1e-7] },
      { seed: 8, embedding: [0.5, 2, -3] },
    ]
    const lines = '7:1.00000,-0.25000,0.00000\n8:0.50000,2.00000,-3.00000\n'
    const { model } = await parseSelfCheck(JSON.stringify({ pictures }), 'a')
    expect(model).toBe(createHash('sha256').update(lines).digest('hex'))
  })

  test('has another name with other embeddings', async () => {
    const json = JSON.parse(shipped)
    json.pictures[2].embedding[5] += 0.00001
    expect((await parseSelfCheck(JSON.stringify(json), 'a')).model).not.toBe(
      (await parseSelfCheck(shipped, 'b')).model,
    )
  })

  test('of a folder with one picture is named by its file, as before', async () => {
    const text = JSON.stringify({ embedding: [1, 2], minCosine: 0.98 })
    const { model, pictures, minCosine } = await parseSelfCheck(text, 'a')
    expect(model).toBe(createHash('sha256').update(text).digest('hex'))
    expect(pictures[0]?.draw(8, 8)).toEqual(chequerboard(8, 8))
    expect(minCosine).toEqual({ int7: 0.98, int8: 0.98, fp16: 0.98, fp32: 0.98 })
  })
})

test('thresholds may be stated one by one', async () => {
  const pictures = [{ seed: 1, embedding: [1] }]
  const minCosine = async (stated: unknown) =>
    (await parseSelfCheck(JSON.stringify({ pictures, minCosine: stated }), 'a')).minCosine
  expect(await minCosine(undefined)).toEqual(defaultMinCosine)
  expect(await minCosine({ fp16: 0.999 })).toEqual({ ...defaultMinCosine, fp16: 0.999 })
})

test('the worst of the pictures counts, and what is not comparable is -1', async () => {
  const pictures = [
    { seed: 1, embedding: [1, 0] },
    { seed: 2, embedding: [0, 1] },
  ]
  const selfCheck = await parseSelfCheck(JSON.stringify({ pictures }), 'a')
  const worst = (...embeddings: number[][]) =>
    worstCosine(
      selfCheck,
      embeddings.map((embedding) => Float32Array.from(embedding)),
    )
  expect(worst([2, 0], [0, 3])).toBeCloseTo(1)
  expect(worst([2, 0], [3, 3])).toBeCloseTo(Math.SQRT1_2)
  for (const broken of [[0, 0], [Number.NaN, 1], [1, 2, 3], []]) expect(worst([2, 0], broken)).toBe(-1)
  expect(worst([2, 0])).toBe(-1)
})

test.each([
  'x',
  'null',
  '[]',
  '{}',
  '{"pictures":[]}',
  '{"pictures":{}}',
  '{"pictures":[null]}',
  '{"pictures":[{"seed":1}]}',
  '{"pictures":[{"seed":0,"embedding":[1]}]}',
  '{"pictures":[{"seed":4294967296,"embedding":[1]}]}',
  '{"pictures":[{"seed":1,"embedding":[0,0]}]}',
  '{"pictures":[{"seed":1,"embedding":[1]},{"seed":2,"embedding":[1,2]}]}',
  '{"embedding":[1,"2"]}',
  '{"embedding":[1],"minCosine":"0.9"}',
  '{"embedding":[1],"minCosine":{"int8":2}}',
  '{"embedding":[1],"files":7}',
])('%s is refused as invalid', async (text) => {
  const refused = parseSelfCheck(text, 'https://shop.example/self-check.json')
  await expect(refused).rejects.toThrow(SimilarItemsError)
  await expect(refused).rejects.toMatchObject({ code: 'model-invalid' })
  await expect(refused).rejects.toThrow('https://shop.example/self-check.json')
})
