import type { Candidate } from '../../ranking/candidate.js'
import type { NeighborList } from '../../vectors/neighbor-shard.js'

/**
 * The similar items of every product of a pack, by row. They are kept as numbers: of a million products there are
 * more than twenty million neighbours.
 */
export class NeighborLists {
  /** In row order. */
  readonly ids: readonly string[]
  readonly #longest: number
  readonly #lengths: Uint32Array
  readonly #rows: Uint32Array
  readonly #scores: Float32Array

  /** @param longest no list has more entries. */
  constructor(ids: readonly string[], longest: number) {
    this.ids = ids
    this.#longest = longest
    this.#lengths = new Uint32Array(ids.length)
    this.#rows = new Uint32Array(ids.length * longest)
    this.#scores = new Float32Array(ids.length * longest)
  }

  get size(): number {
    return this.ids.length
  }

  /** @throws RangeError for a list that is too long. */
  set(row: number, neighbors: readonly Pick<Candidate, 'row' | 'score'>[]): void {
    if (neighbors.length > this.#longest) throw new RangeError(`${neighbors.length} > ${this.#longest}`)
    let position = row * this.#longest
    for (const neighbor of neighbors) {
      this.#rows[position] = neighbor.row
      this.#scores[position++] = neighbor.score
    }
    this.#lengths[row] = neighbors.length
  }

  /** Best first, cosines with four digits. */
  get(row: number): NeighborList {
    const start = row * this.#longest
    return Array.from({ length: this.#lengths[row] ?? 0 }, (_, rank) => {
      const score = this.#scores[start + rank] as number
      return [this.ids[this.#rows[start + rank] as number] as string, Number(score.toFixed(4))] as const
    })
  }

  *[Symbol.iterator](): Generator<[id: string, neighbors: NeighborList]> {
    for (let row = 0; row < this.size; row++) yield [this.ids[row] as string, this.get(row)]
  }
}
