import { describe, expect, test } from 'vitest'
import { checkModel } from '../../../src/node/encoder/check-model.js'
import { chooseWeights } from '../../../src/node/encoder/choose-weights.js'
import { NodeEncoder } from '../../../src/node/encoder/node-encoder.js'
import { describeProcessor } from '../../../src/node/processor.js'
import { generateModel, writeModel } from '../../fixtures/generate-model.js'
import { scratchFolder } from './scratch.js'

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
    const { chosen, slower, refused } = (await chooseWeights(model, null)) ?? {}
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

test('of weights that are right the fastest are chosen, and those of an earlier run go on', async () => {
  const folder = scratchFolder()
  writeModel(folder, await generateModel())
  const { chosen, slower } = (await chooseWeights(folder, null)) ?? {}
  console.log(`chosen: ${JSON.stringify(chosen)}, slower: ${JSON.stringify(slower)}`)
  expect(slower).toHaveLength(1)
  expect(chosen?.milliseconds).toBeLessThanOrEqual(slower?.[0]?.milliseconds ?? 0)
  const earlier = slower?.[0]?.modelFile ?? null
  expect((await chooseWeights(folder, earlier))?.chosen.modelFile).toBe(earlier)
})
