import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { runCommandLine } from '../../../../src/node/command/command-line.js'
import { NodeEncoder } from '../../../../src/node/encoder/node-encoder.js'
import { addTowerWeights } from '../../../../src/node/tower-weights/add-tower-weights.js'
import { OnnxWeights } from '../../../../src/node/tower-weights/onnx-weights.js'
import { toSevenBits } from '../../../../src/node/tower-weights/seven-bits.js'
import { towerShapeOf } from '../../../../src/node/tower-weights/tower-shape-of.js'
import { writeTowerWeights } from '../../../../src/node/tower-weights/write-tower-weights.js'
import { modelFolder, photoFolder, scratchFolder } from '../scratch.js'

const folder = scratchFolder()
const fileName = 'onnx/vision_model_int7.safetensors'
const shipped = readFileSync(join(modelFolder, fileName))
const photo = 'florian-klauer-14840-unsplash.jpg'

test('the shipped file is what the full-precision weights give, and smaller than the 8-bit file', async () => {
  const source = join(modelFolder, 'onnx/vision_model_fp16.onnx')
  const config = JSON.parse(readFileSync(join(modelFolder, 'config.json'), 'utf8'))
  const weights = await OnnxWeights.read(readFileSync(source), source)
  expect(
    Buffer.from(writeTowerWeights(weights, towerShapeOf(config, 'config.json'), source)).equals(shipped),
  ).toBe(true)
  const eightBits = readFileSync(join(modelFolder, 'onnx/vision_model_quantized.onnx'))
  expect(shipped.length).toBeLessThanOrEqual(eightBits.length)
})

describe('seven bits', () => {
  test('hold every number to half a level', () => {
    const rows = fc.array(fc.float({ min: -3, max: 3, noNaN: true, noDefaultInfinity: true }), {
      minLength: 4,
      maxLength: 40,
    })
    fc.assert(
      fc.property(rows, (row) => {
        const { levels, scales } = toSevenBits(Float32Array.from(row), 1)
        const largest = Math.max(...row.map(Math.abs))
        for (const [index, value] of row.entries()) {
          const level = levels[index] as number
          expect(Math.abs(level)).toBeLessThanOrEqual(63)
          // The scale that fits all best may leave the largest a little further off.
          expect(Math.abs(level * (scales[0] as number) - value)).toBeLessThanOrEqual(largest / 63)
        }
      }),
    )
  })

  test('give levels back that were stored in 16-bit floats', () => {
    const rows = fc.tuple(
      fc.array(fc.integer({ min: -63, max: 63 }), { minLength: 8, maxLength: 40 }),
      fc.double({ min: 1e-3, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(rows, ([row, scale]) => {
        const whole = [...row, 63]
        // 11 significant bits.
        const stored = whole.map((level) => (level === 0 ? 0 : roundTo(level * scale, 11)))
        const { levels, scales } = toSevenBits(Float32Array.from(stored), 1)
        expect([...levels]).toEqual(whole)
        expect(Math.abs((scales[0] as number) / scale - 1)).toBeLessThan(2 ** -11)
      }),
    )
  })
})

function roundTo(value: number, bits: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) + 1 - bits)
  return Math.round(value / unit) * unit
}

describe('similar-items model --weights', () => {
  test('writes the file, states it and says the worst cosine', async () => {
    const model = join(folder, 'model')
    cpSync(modelFolder, model, { recursive: true })
    rmSync(join(model, fileName))
    const selfCheck = JSON.parse(readFileSync(join(model, 'self-check.json'), 'utf8'))
    delete selfCheck.files['vision_model_int7.safetensors']
    writeFileSync(join(model, 'self-check.json'), JSON.stringify(selfCheck))
    const { code, out } = await run('model', model, '--weights')
    expect(code).toBe(0)
    expect(out).toMatch(/vision_model_int7\.safetensors {2}6\.2 MB, cosine 0\.999\d at worst/)
    expect(readFileSync(join(model, fileName)).equals(shipped)).toBe(true)
    expect(JSON.parse(readFileSync(join(model, 'self-check.json'), 'utf8'))).toEqual(
      JSON.parse(readFileSync(join(modelFolder, 'self-check.json'), 'utf8')),
    )
    const doctor = await run('doctor', model)
    expect(doctor.out).toMatch(/good {2}vision_model_int7\.safetensors {2}int7, 6\.2 MB, 192 dimensions/)
  })

  test('refuses what it cannot do, with a sentence', async () => {
    await expect(addTowerWeights('https://example.com/model')).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    const model = join(folder, 'quantized')
    cpSync(modelFolder, model, { recursive: true })
    rmSync(join(model, 'onnx/vision_model_fp16.onnx'))
    await expect(addTowerWeights(model)).rejects.toMatchObject({ code: 'model-invalid' })
    const quantized = await OnnxWeights.read(
      readFileSync(join(model, 'onnx/vision_model_quantized.onnx')),
      'quantized',
    )
    const shape = towerShapeOf(JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')), 'config.json')
    expect(() => writeTowerWeights(quantized, shape, 'quantized')).toThrow('16 or 32 bits')
    await expect(OnnxWeights.read(Uint8Array.of(255, 255, 1), 'broken')).rejects.toMatchObject({
      code: 'model-invalid',
    })
    expect(() => towerShapeOf({ hidden_act: 'quick_gelu' }, 'config.json')).toThrow('quick_gelu')
    expect(() => towerShapeOf({ hidden_size: 100 }, 'config.json')).toThrow('multiple of eight')
    expect((await run('model', model)).code).not.toBe(0)
  })
})

test('Node needs no ONNX Runtime for a folder with such weights, and says so where it does', async () => {
  vi.doMock('onnxruntime-node', () => {
    throw new Error('it is not installed')
  })
  try {
    const encoder = await NodeEncoder.open({ model: modelFolder })
    expect(encoder.backend).toBe('kernel')
    const { vector } = await encoder.encode(readFileSync(join(photoFolder, photo)), photo)
    expect(vector).toHaveLength(192)
    await encoder.close()
    const failure = NodeEncoder.open({ model: modelFolder, precision: 'int8' })
    await expect(failure).rejects.toMatchObject({ code: 'package-missing' })
  } finally {
    vi.doUnmock('onnxruntime-node')
  }
})

async function run(...argv: string[]): Promise<{ code: number; out: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const code = await runCommandLine(argv, { out, err }, new AbortController().signal)
  out.end()
  err.end()
  return { code, out: await text(out) }
}
