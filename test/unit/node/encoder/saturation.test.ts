import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkModel } from '../../../../src/node/encoder/check-model.js'
import { type ChosenWeights, openFastestEncoder } from '../../../../src/node/encoder/choose-weights.js'
import { NodeEncoder } from '../../../../src/node/encoder/node-encoder.js'
import type { VectorSource } from '../../../../src/node/encoder/vector-source.js'
import { describeProcessor } from '../../../../src/node/processor.js'
import { generateModel, writeModel } from '../../../fixtures/generate-model.js'
import { scratchFolder } from '../scratch.js'

const { name, features } = await describeProcessor()
const saturates = features?.includes('avx2') === true && !features.some((feature) => feature.includes('vnni'))
const isExact = features?.some((feature) => feature.includes('vnni') || feature === 'asimddp') === true
console.log(
  `${name}: ${saturates ? 'saturates' : isExact ? 'does not saturate' : 'not known whether it saturates'}`,
)

const model = scratchFolder()
writeModel(model, await generateModel({ weightBits: 8 }))
const ordinary = async () => (await checkModel(model)).files.find(({ compute }) => compute === 'int8')

describe.skipIf(!saturates)('weights that use all 8 bits, on a processor that saturates', () => {
  test('are bad', async () => {
    const { cosine, problem } = (await ordinary()) ?? {}
    console.log(`8-bit weights of 8 bits on ${name}: cosine ${cosine?.toFixed(4)} to full precision`)
    expect(problem).toContain('0.995 is needed')
    expect(problem).toMatch(/without VNNI.*use weights of 7 bits, or full precision\.$/)
  })

  test('are refused with the reason and what to do', async () => {
    const refused = NodeEncoder.open({ model, precision: 'int8' })
    await expect(refused).rejects.toMatchObject({ code: 'no-backend' })
    await expect(refused).rejects.toThrow(
      /_quantized\.onnx: cosine 0\.\d+ to the reference embeddings, 0\.995/,
    )
    await expect(refused).rejects.toThrow(/without VNNI.*use weights of 7 bits, or full precision/)
  })

  test('are passed over where full precision is at hand', async () => {
    const encoder = await NodeEncoder.open({ model })
    expect(encoder.modelFile).toMatch(/vision_model\.onnx$/)
    await encoder.close()
  })

  test('are not chosen, however fast they are', async () => {
    const { chosen, slower, refused } = await choose(model)
    expect(chosen?.modelFile).toMatch(/vision_model\.onnx$/)
    expect(slower).toEqual([])
    expect(refused?.join()).toContain('self-check failed')
  })
})

test.skipIf(saturates)(
  'weights that use all 8 bits are good on a processor that does not saturate',
  async () => {
    expect(await ordinary()).toMatchObject({ problem: null })
  },
)

test('weights of 7 bits are good on any processor', async () => {
  const folder = scratchFolder()
  writeModel(folder, await generateModel())
  const { files } = await checkModel(folder)
  for (const { url, cosine } of files) console.log(`${url.split('/').at(-1)}: cosine ${cosine?.toFixed(5)}`)
  expect(files).toHaveLength(2)
  expect(files.map(({ problem }) => problem)).toEqual([null, null])
})

test('a folder is told what its self-check lacks', async () => {
  const folder = scratchFolder()
  writeModel(folder, await generateModel())
  expect(await checkModel(folder)).toMatchObject({ advice: null })
  const path = join(folder, 'self-check.json')
  const { pictures, files } = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ embedding: pictures[0].embedding, files }))
  expect((await checkModel(folder)).advice).toMatch(/has one picture.*--write-self-check/)
  rmSync(path)
  expect((await checkModel(folder)).advice).toMatch(/Without self-check\.json/)
})

test('of weights that are right the fastest are chosen', async () => {
  const folder = scratchFolder()
  writeModel(folder, await generateModel())
  const { chosen, slower } = await choose(folder)
  console.log(`chosen: ${JSON.stringify(chosen)}, slower: ${JSON.stringify(slower)}`)
  expect(slower).toHaveLength(1)
  expect(chosen?.milliseconds).toBeLessThanOrEqual(slower?.[0]?.milliseconds ?? 0)
})

describe('those of an earlier run', async () => {
  const folder = scratchFolder()
  writeModel(folder, await generateModel())
  const { space, files } = await checkModel(folder)
  const names = files.map(({ url }) => url.slice(url.lastIndexOf('/') + 1))
  const source = (weights: string) => ({ space: space?.fingerprint ?? '', weights })

  test.each(names)('go on where they are right, and no others are tried: %s', async (name) => {
    const { chosen, ...others } = await choose(folder, source(name))
    expect(chosen).toMatchObject({ milliseconds: 0, modelFile: expect.stringMatching(`/${name}$`) })
    expect(others).toEqual({ slower: [], refused: [] })
  })

  test('count for nothing where they were of another space, or are gone', async () => {
    for (const earlier of [{ ...source(names[0] ?? ''), space: 'another' }, source('gone.onnx')]) {
      expect((await choose(folder, earlier)).slower).toHaveLength(1)
    }
  })
})

test('where no way works the error says why', async () => {
  const chosen = openFastestEncoder({ model: scratchFolder(), workers: 1, earlier: null })
  await expect(chosen).rejects.toMatchObject({ code: 'model-unreachable' })
})

test('who no longer waits hears the reason of the signal', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(openFastestEncoder({ model, workers: 1, earlier: null, signal })).rejects.toThrow('enough')
})

/** What was chosen; the encoder is closed. */
async function choose(model: string, earlier: VectorSource | null = null): Promise<Partial<ChosenWeights>> {
  const { encoder, weights } = await openFastestEncoder({ model, workers: 1, earlier })
  await encoder.close()
  expect(encoder.modelFile).toBe(weights?.chosen.modelFile)
  return weights ?? {}
}
