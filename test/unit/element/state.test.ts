import { describe, expect, it } from 'vitest'
import { type ElementState, initialState, shownList, transition } from '../../../src/element/list/state.js'
import { SimilarItemsError } from '../../../src/errors.js'
import type { RankedList } from '../../../src/types.js'

const hit = {
  product: { id: '1', title: 'Chair', image_link: 'https://shop.example/1.jpg' },
  score: 1,
  rank: 0,
}
const timings = { fetch: 0, decode: 0, resize: 0, inference: 0, rank: 0 }
const list = (hits: RankedList['hits'], complete: boolean): RankedList => ({
  queryId: 'q1',
  hits,
  space: null,
  ranked: hits.length,
  total: 1,
  complete,
  timings,
})
const full = list([hit], true)
const ready: ElementState = { name: 'ready', list: full }
const error = new SimilarItemsError('catalog-unreachable', 'no feed')

describe('transition', () => {
  it('waits for its moment, then loads, then shows', () => {
    const waiting = transition(initialState, { type: 'wait' })
    expect(waiting).toEqual({ name: 'idle', expectant: true })
    const loading = transition(waiting, { type: 'ask' })
    expect(loading).toEqual({ name: 'loading', previous: null })
    expect(transition(loading, { type: 'list', list: full })).toEqual(ready)
  })

  it('keeps the list on the screen while the next question is answered', () => {
    const asked = transition(ready, { type: 'ask' })
    expect(asked).toEqual({ name: 'loading', previous: full })
    expect(shownList(asked)).toBe(full)
    expect(transition(ready, { type: 'wait' })).toBe(ready)
  })

  it('is empty only when every product was ranked', () => {
    const loading = transition(initialState, { type: 'ask' })
    expect(transition(loading, { type: 'list', list: list([], false) }).name).toBe('loading')
    expect(transition(loading, { type: 'list', list: list([], true) }).name).toBe('empty')
    expect(transition(ready, { type: 'list', list: list([], true) }).name).toBe('empty')
  })

  it('keeps a list whose refresh failed, but not the answer to another question', () => {
    expect(transition(ready, { type: 'fail', error })).toBe(ready)
    const next = transition(ready, { type: 'ask' })
    expect(transition(next, { type: 'fail', error })).toEqual({ name: 'error', error })
  })

  it('forgets everything when nothing is asked any more', () => {
    for (const state of [
      ready,
      transition(ready, { type: 'ask' }),
      transition(initialState, { type: 'fail', error }),
    ]) {
      expect(transition(state, { type: 'unset' })).toBe(initialState)
    }
  })
})
