/**
 * What the element can be in the middle of. The view is a function of this and of the element's settings.
 */
import type { SimilarItemsError } from '../../errors.js'
import type { RankedList } from '../../types.js'

export type ElementState =
  /** Nothing is asked: the catalogue or the item is not set, or (`expectant`) the element is not near the viewport. */
  | { readonly name: 'idle'; readonly expectant: boolean }
  /** Asked, not answered. `previous` is the answer to the question before, kept on the screen meanwhile. */
  | { readonly name: 'loading'; readonly previous: RankedList | null }
  | { readonly name: 'ready'; readonly list: RankedList }
  /** Everything was ranked and nothing is similar. */
  | { readonly name: 'empty'; readonly list: RankedList }
  | { readonly name: 'error'; readonly error: SimilarItemsError }

export type StateName = ElementState['name']

export type StateInput =
  /** The catalogue or the item went away. */
  | { readonly type: 'unset' }
  /** A question is known but must wait for its moment. */
  | { readonly type: 'wait' }
  /** A question was put. */
  | { readonly type: 'ask' }
  | { readonly type: 'list'; readonly list: RankedList }
  | { readonly type: 'fail'; readonly error: SimilarItemsError }

export const initialState: ElementState = { name: 'idle', expectant: false }

export function transition(state: ElementState, input: StateInput): ElementState {
  switch (input.type) {
    case 'unset':
      return initialState
    case 'wait':
      return shownList(state) ? state : { name: 'idle', expectant: true }
    case 'ask':
      return { name: 'loading', previous: shownList(state) }
    case 'list':
      if (input.list.hits.length > 0) return { name: 'ready', list: input.list }
      // An empty list that is not complete yet may still fill.
      return input.list.complete ? { name: 'empty', list: input.list } : { name: 'loading', previous: null }
    case 'fail':
      // A list that could be shown stays useful when refreshing it fails.
      return state.name === 'ready' ? state : { name: 'error', error: input.error }
  }
}

/** The list on the screen in this state. */
export function shownList(state: ElementState): RankedList | null {
  if (state.name === 'ready') return state.list
  return state.name === 'loading' ? state.previous : null
}
