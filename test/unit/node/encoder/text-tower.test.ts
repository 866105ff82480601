import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTokenizer } from '../../../../src/node/text/text-tokenizer.js'
import { TextTower } from '../../../../src/node/text/text-tower.js'
import {
  generateTextModel,
  type TextModelOptions,
  textLength,
} from '../../../fixtures/generate-text-model.js'
import { scratchFolder } from '../scratch.js'

const words = new Map([
  ['red', Float32Array.of(1, 0, 0)],
  ['chair', Float32Array.of(0, 2, 0)],
  ['lamp', Float32Array.of(0, 0, 1)],
])

function writeTower(options: Partial<TextModelOptions> = {}): string {
  const folder = scratchFolder()
  for (const [path, content] of generateTextModel({ words, ...options })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

test('texts become token numbers of one length, as SigLIP was trained', async () => {
  const { length, encode } = await openTokenizer(writeTower())
  expect(length).toBe(textLength)
  expect(encode('RED chair')).toEqual([2, 3, ...Array(textLength - 2).fill(1)])
  expect(encode('')).toEqual(Array(textLength).fill(1))
  // A long text is cut, but its end mark stays.
  expect(encode('lamp '.repeat(100).trim())).toEqual([...Array(textLength - 1).fill(4), 1])
})

describe('a text tower', () => {
  test.each(['pooler_output', 'text_embeds'])('gives unit vectors, from %s', async (output) => {
    const tower = await TextTower.open({ model: writeTower({ output }), threads: 1 })
    const texts = Array.from({ length: 70 }, (_, index) => ['red chair', 'lamp', 'Red'][index % 3] as string)
    const vectors = await tower.encode(texts)
    await tower.close()
    expect(vectors).toHaveLength(70)
    const [chair, lamp] = vectors as [Float32Array, Float32Array]
    const root = Math.sqrt(5)
    expect(Array.from(chair, (value) => value.toFixed(5))).toEqual(
      [1 / root, 2 / root, 0].map((value) => value.toFixed(5)),
    )
    expect([...lamp]).toEqual([0, 0, 1])
    expect(vectors[68]).toEqual(vectors[2])
  })

  test('a text without a direction is an error that names it', async () => {
    const tower = await TextTower.open({ model: writeTower(), threads: 1 })
    await expect(tower.encode(['red', ''])).rejects.toThrow('vector of "" is zero or not finite')
    await tower.close()
  })

  test('an aborted signal ends it', async () => {
    const tower = await TextTower.open({ model: writeTower(), threads: 1 })
    await expect(tower.encode(['red'], AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    await tower.close()
  })

  test.each<[string, () => string, string, RegExp]>([
    ['no folder', () => join(scratchFolder(), 'none'), 'model-unreachable', /none/],
    [
      'no text model',
      () => writeTower({ file: 'vision_model.onnx' }),
      'model-unreachable',
      /text_model\.onnx/,
    ],
    ['another input', () => writeTower({ input: 'tokens' }), 'model-invalid', /inputs tokens/],
    ['another output', () => writeTower({ output: 'logits' }), 'model-invalid', /outputs logits/],
    [
      'a tokenizer that is none',
      () => towerWith('tokenizer.json', '{"model":{}}'),
      'model-invalid',
      /tokenizer\.json/,
    ],
    [
      'a tokenizer without a model',
      () => towerWith('tokenizer.json', '[]'),
      'model-invalid',
      /tokenizer\.json/,
    ],
    ['no JSON', () => towerWith('tokenizer_config.json', '<html>'), 'model-invalid', /is not JSON/],
    [
      'no configuration',
      () => towerWith('tokenizer_config.json', null),
      'model-unreachable',
      /does not exist/,
    ],
    [
      'an unknown filling',
      () => towerWith('tokenizer_config.json', '{"pad_token":{"content":"<fill>"}}'),
      'model-invalid',
      /pad_token/,
    ],
    [
      'weights that are none',
      () => towerWith('onnx/text_model.onnx', 'none'),
      'model-invalid',
      /no ONNX model/,
    ],
  ])('%s: an error that says so', async (_, folder, code, message) => {
    await expect(TextTower.open({ model: folder() })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})

/** A tower with another file, or without it. */
function towerWith(path: string, content: string | null): string {
  const folder = writeTower()
  if (content === null) rmSync(join(folder, path))
  else writeFileSync(join(folder, path), content)
  return folder
}
