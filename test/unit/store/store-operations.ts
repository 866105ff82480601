import fc from 'fast-check'
import type { StoreOperation } from './store-behaviour.js'

/** Random lives of a store, of some of which the vectors fill more than one chunk. */
export const anyOperations: fc.Arbitrary<StoreOperation[]> = fc.array(
  fc
    .record({
      from: fc.integer({ min: 0, max: 6000 }),
      count: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 6000 })),
      value: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(null)),
      format: fc.constantFrom('int8' as const, 'int8' as const, 'float32' as const),
    })
    .map(({ count, ...operation }) => ({ ...operation, to: operation.from + count })),
  { minLength: 1, maxLength: 8 },
)
