import type { System } from '../../measure/evaluation/evaluation.js'
import { decodeVector } from '../../vectors/encoded-vectors.js'
import type { OpenedPack } from './open-pack.js'

/** A pack as `evaluate` asks it: the score is the cosine similarity. It is asked only for products that it has. */
export function packSystem(name: string, { pack }: OpenedPack): System {
  const vectorOf = new Map(pack.entries.map(({ id }, row) => [id, decodeVector(pack.vectors, row)]))
  return {
    name,
    score(product, candidates) {
      const query = vectorOf.get(product) as Float32Array
      return Float64Array.from(candidates, (id) => {
        const vector = vectorOf.get(id) as Float32Array
        let dot = 0
        for (let index = 0; index < query.length; index++) {
          dot += (query[index] as number) * (vector[index] as number)
        }
        return dot
      })
    },
  }
}
