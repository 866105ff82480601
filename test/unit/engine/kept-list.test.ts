import { expect, test } from 'vitest'
import { keptList } from '../../../src/engine/kept-list.js'
import { keptQuestion } from '../../../src/kept-question.js'

test('items that a page brings along are not read for it', async () => {
  let reads = 0
  const item = {
    get id() {
      reads++
      return 'a'
    },
  }
  expect(await keptList({ catalog: [item], asksAtOnce: true }, 'a', {})).toBeNull()
  expect(reads).toBe(0)
})

test('questions with other answers have other texts', () => {
  const asked = { id: 'a', options: {}, model: null, projection: null, format: 'int8' }
  const others = [
    asked,
    { ...asked, id: 'b' },
    { ...asked, options: { limit: 3 } },
    { ...asked, options: { perGroup: 3 } },
    { ...asked, options: { perGroup: Number.POSITIVE_INFINITY } },
    { ...asked, options: { minScore: Number.NEGATIVE_INFINITY } },
    { ...asked, options: { diversity: 0.5 } },
    { ...asked, options: { nearDuplicate: 1 } },
    { ...asked, model: 'https://shop.example/model/' },
    { ...asked, projection: 'https://shop.example/model/' },
    { ...asked, format: 'float32' },
  ]
  expect(new Set(others.map(keptQuestion)).size).toBe(others.length)
})
