import { SimilarItemsError } from '../../errors.js'
import type { IndexOptions } from '../indexing/index-catalog.js'
import { assertShard, type Shard } from './shard.js'

/** Refuses what one part of a catalogue cannot decide for all. @throws SimilarItemsError `invalid-argument`. */
export function assertShardOptions(
  shard: Shard,
  { precision = 'auto', projection, center, refit, format }: IndexOptions,
): void {
  assertShard(shard)
  const invalid = (message: string) => new SimilarItemsError('invalid-argument', message)
  if (precision === 'auto') {
    throw invalid(
      'A shard needs --precision int8, fp16 or fp32: each machine would choose weights for itself, and vectors of ' +
        'other weights differ a little.',
    )
  }
  const isFitted = projection !== undefined && projection.kind !== 'file'
  if (isFitted || center !== undefined || refit || format !== undefined) {
    throw invalid(
      'Number format, dimensions and centering are those of the whole catalogue: leave them out of the shards and ' +
        'give them to merge. A shard takes a --projection that is a file.',
    )
  }
}
