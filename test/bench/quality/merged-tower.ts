import { placeWeightsIn } from '../../../src/encoder/tower/place-weights.js'
import { runPoolingHead } from '../../../src/encoder/tower/pooling-head.js'
import {
  compileTower,
  openTowerKernel,
  type TowerKernel,
  towerMemory,
} from '../../../src/encoder/tower/tower-kernel.js'
import { Addresses, planTower, type TowerPlan } from '../../../src/encoder/tower/tower-layout.js'
import { TowerSteps } from '../../../src/encoder/tower/tower-steps.js'
import type { TowerWeights } from '../../../src/encoder/tower/tower-weights.js'

/**
 * A tower that merges tokens once, after some layers (Token Merging, arXiv 2210.09461): every second token finds the most
 * similar of the others, by cosine, and those of the most similar pairs become their mean. Shares are not weighted by how
 * many tokens one stands for.
 */
export class MergedTower {
  readonly #kernel: TowerKernel
  readonly #before: TowerPlan
  readonly #after: TowerPlan

  private constructor(kernel: TowerKernel, before: TowerPlan, after: TowerPlan) {
    this.#kernel = kernel
    this.#before = before
    this.#after = after
  }

  /** @param merged how many tokens become part of others behind `layers` layers. */
  static async open(weights: TowerWeights, layers: number, merged: number): Promise<MergedTower> {
    const plan = planTower(weights, 1)
    const addresses = new Addresses(plan.bytes)
    // Behind the merge, the first step adds nothing to what the tokens are.
    const nothing = addresses.linear(plan.weights.patchEmbedding)
    const positions = addresses.floats(plan.rows * plan.shape.hiddenSize)
    const kernel = await openTowerKernel(await compileTower(), towerMemory(addresses.end, false))
    placeWeightsIn(kernel, weights, plan)
    const tokens = plan.tokens - merged
    const sizes = { tokens, rows: Math.ceil(tokens / 4) * 4, padded: Math.ceil(tokens / 8) * 8 }
    const part = (from: number, to?: number) => ({
      ...plan.weights,
      layers: plan.weights.layers.slice(from, to),
    })
    const before = { ...plan, weights: part(0, layers) }
    const packedValues = plan.at.packedValues.map((values) => ({ ...values, inputs: sizes.padded * 2 }))
    const at = { ...plan.at, packedValues }
    const after = {
      ...plan,
      ...sizes,
      at,
      weights: { ...part(layers), patchEmbedding: nothing, positions },
    }
    return new MergedTower(kernel, before, after)
  }

  /** @returns the pooled output, and the milliseconds that merging took, which a kernel would do in far fewer. */
  run(pixels: Float32Array): { readonly output: Float32Array; readonly merging: number } {
    const { at, shape } = this.#before
    this.#floats(at.range, 2).set([-1, 1])
    this.#floats(at.pixels, pixels.length).set(pixels)
    this.#pass(this.#before)
    const started = performance.now()
    const tokens = this.#floats(at.hidden, this.#before.tokens * shape.hiddenSize)
    const merged = merge(tokens, shape.hiddenSize, this.#before.tokens - this.#after.tokens)
    this.#floats(this.#after.weights.positions, merged.length).set(merged)
    const merging = performance.now() - started
    this.#pass(this.#after)
    runPoolingHead(this.#kernel, this.#after)
    return { output: this.#floats(at.head.hidden, shape.hiddenSize).slice(), merging }
  }

  #pass(plan: TowerPlan): void {
    const steps = new TowerSteps(this.#kernel, plan, 0)
    for (const [step, jobs] of steps.jobs.entries()) {
      for (let job = 0; job < jobs; job++) steps.run(step, job)
    }
  }

  #floats(address: number, count: number): Float32Array {
    return new Float32Array(this.#kernel.memory.buffer, address, count)
  }
}

/** `count` fewer tokens of `width` numbers each. */
function merge(tokens: Float32Array, width: number, count: number): Float32Array {
  const all = Array.from({ length: tokens.length / width }, (_, index) =>
    tokens.slice(index * width, (index + 1) * width),
  )
  const lengths = all.map((token) => Math.hypot(...token))
  const cosine = (a: number, b: number) => {
    let dot = 0
    for (let axis = 0; axis < width; axis++) dot += (all[a]?.[axis] as number) * (all[b]?.[axis] as number)
    return dot / ((lengths[a] as number) * (lengths[b] as number))
  }
  const pairs = all.flatMap((_, from) => {
    if (from % 2 === 1) return []
    let best = { from, to: -1, score: Number.NEGATIVE_INFINITY }
    for (let to = 1; to < all.length; to += 2) {
      const score = cosine(from, to)
      if (score > best.score) best = { from, to, score }
    }
    return [best]
  })
  const chosen = pairs.toSorted((a, b) => b.score - a.score).slice(0, count)
  const standsFor = new Map<number, number>()
  for (const { from, to } of chosen) {
    const target = all[to] as Float32Array
    const already = standsFor.get(to) ?? 1
    for (const [axis, value] of (all[from] as Float32Array).entries()) {
      target[axis] = ((target[axis] as number) * already + value) / (already + 1)
    }
    standsFor.set(to, already + 1)
  }
  const gone = new Set(chosen.map(({ from }) => from))
  return Float32Array.from(all.filter((_, index) => !gone.has(index)).flatMap((token) => [...token]))
}
