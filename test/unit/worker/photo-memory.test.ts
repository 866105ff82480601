import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DecodedImage } from '../../../src/encoder/decode/decode.js'
import type { Embedding } from '../../../src/types.js'
import { PhotoMemory } from '../../../src/worker/pictures/photo-memory.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const half = { x: 0, y: 0, width: 0.5, height: 1 }

function picture(width = 1000, height = 1000) {
  const close = vi.fn()
  const image: DecodedImage = {
    width,
    height,
    channels: 'rgb',
    transparency: 'opaque',
    isReduced: false,
    close,
    read: async () => undefined,
  }
  return { image, close }
}

function embedding(value: number): Embedding {
  const space = { fingerprint: 'a', model: 'b', preprocessing: 'c', projection: null, dimensions: 1 }
  return { space, vector: Float32Array.of(value) }
}

test('a kept picture is there for one at a time, until it is given back', () => {
  const memory = new PhotoMemory()
  const { image, close } = picture()
  memory.keepImage('a', image)
  expect(memory.takeImage('a')).toBe(image)
  expect(memory.takeImage('a')).toBeNull()
  memory.keepImage('a', image)
  expect(memory.takeImage('a')).toBe(image)
  expect(close).not.toHaveBeenCalled()
})

test('of two pictures that are given back, the first is closed', () => {
  const memory = new PhotoMemory()
  const [first, second] = [picture(), picture()]
  memory.keepImage('a', first.image)
  memory.keepImage('a', second.image)
  expect(first.close).toHaveBeenCalledOnce()
  expect(memory.takeImage('a')).toBe(second.image)
})

test('another photo takes the place of the last one, with all that is known of it', () => {
  const memory = new PhotoMemory()
  const { image, close } = picture()
  memory.keepImage('a', image)
  memory.keepEmbedding('a', half, embedding(1))
  expect(memory.embeddingOf('b', half)).toBeUndefined()
  expect(close).toHaveBeenCalledOnce()
  expect(memory.takeImage('a')).toBeNull()
  expect(memory.embeddingOf('a', half)).toBeUndefined()
})

test('every part of a photo has its own embedding', () => {
  const memory = new PhotoMemory()
  memory.keepEmbedding('a', undefined, embedding(1))
  memory.keepEmbedding('a', half, embedding(2))
  expect(memory.embeddingOf('a', undefined)).toEqual(embedding(1))
  expect(memory.embeddingOf('a', { ...half })).toEqual(embedding(2))
  expect(memory.embeddingOf('a', { ...half, width: 0.49 })).toBeUndefined()
})

test('all is forgotten some time after it was used last', () => {
  const memory = new PhotoMemory()
  const { image, close } = picture()
  memory.keepImage('a', image)
  memory.keepEmbedding('a', half, embedding(1))
  for (let use = 0; use < 10; use++) {
    vi.advanceTimersByTime(15_000)
    expect(memory.embeddingOf('a', half)).toEqual(embedding(1))
  }
  expect(close).not.toHaveBeenCalled()
  vi.advanceTimersByTime(21_000)
  expect(close).toHaveBeenCalledOnce()
  expect(memory.embeddingOf('a', half)).toBeUndefined()
})

test('a picture that takes too much memory is closed at once; its embeddings stay', () => {
  const memory = new PhotoMemory()
  const { image, close } = picture(6000, 4000)
  memory.keepEmbedding('a', half, embedding(1))
  memory.keepImage('a', image)
  expect(close).toHaveBeenCalledOnce()
  expect(memory.takeImage('a')).toBeNull()
  expect(memory.embeddingOf('a', half)).toEqual(embedding(1))
})

test('embeddings are not gathered without end', () => {
  const memory = new PhotoMemory()
  const parts = Array.from({ length: 1000 }, (_, part) => ({ ...half, width: (part + 1) / 1000 }))
  for (const part of parts) memory.keepEmbedding('a', part, embedding(part.width))
  const known = parts.filter((part) => memory.embeddingOf('a', part))
  expect(known.length).toBeGreaterThan(0)
  expect(known.length).toBeLessThanOrEqual(100)
})
