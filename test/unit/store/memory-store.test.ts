import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../../../src/store/memory-store.js'
import { openStore } from '../../../src/store/open-store.js'
import { ResilientStore } from '../../../src/store/resilient-store.js'
import { contents, expectedContents, operate, storeBehaviours } from './store-behaviour.js'
import { anyOperations } from './store-operations.js'

const unexpected = (warning: Error) => {
  throw warning
}
const flavours = [
  ['memory', () => new MemoryStore()],
  ['resilient over memory', () => new ResilientStore(new MemoryStore(), unexpected)],
] as const

describe.each(flavours)('%s', (_, open) => {
  test.each(storeBehaviours)('$name', async ({ run, expected }) => {
    expect(await run(open())).toEqual(expected)
  })

  test('has the latest vector of each id after any puts and removals', async () => {
    await fc.assert(
      fc.asyncProperty(anyOperations, async (operations) => {
        const store = open()
        await operate(store, operations)
        expect(await contents(store)).toEqual(expectedContents(operations))
      }),
      { numRuns: 30 },
    )
  })
})

test('where there is no IndexedDB, as in Node, the store is in memory after one warning', async () => {
  const warnings: unknown[] = []
  const store = await openStore({ onWarning: (warning) => warnings.push(warning) })
  expect(store.kind).toBe('memory')
  expect(warnings).toMatchObject([{ code: 'storage-unavailable' }])
})

test('opening gives up with the reason of an abort', async () => {
  const reason = new Error('the page is gone')
  const opening = openStore({ onWarning: unexpected, signal: AbortSignal.abort(reason) })
  await expect(opening).rejects.toBe(reason)
})
