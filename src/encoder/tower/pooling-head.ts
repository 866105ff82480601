import type { TowerKernel } from './tower-kernel.js'
import type { PlacedLinear, TowerPlan } from './tower-layout.js'

/** The attention-pooling head, from `at.normalized` to `at.head.hidden`. It is little work: one thread does it. */
export function runPoolingHead({ exports, form, multiply, memory }: TowerKernel, plan: TowerPlan): void {
  const { hiddenSize: hidden, intermediateSize: inner, heads, epsilon } = plan.shape
  const { weights, at, tokens } = plan
  const { head } = weights
  const { rows, scores, pooled, values, hidden: output, wide, panels, worths } = at.head
  const linear = (layer: PlacedLinear, count: number, to: number, isAdded: boolean) => {
    const { inputs, outputs, weights, channels } = layer
    multiply(panels, worths, 0, count, inputs, weights, channels, outputs, to, outputs * 4, isAdded)
  }
  exports.poolTokens(at.normalized, hidden, tokens, head.keys, heads, scores, pooled)
  exports.quantizeRows(pooled, hidden * 4, hidden, 0, heads, panels, worths, form)
  linear(head.value, rows, values, false)
  // Each head's mean counts for the head's own channels.
  const width = hidden / heads
  const own = new Float32Array(memory.buffer, values, heads * hidden)
  for (let index = 1; index < heads; index++) {
    own.copyWithin(index * width, index * hidden + index * width, index * hidden + (index + 1) * width)
  }
  exports.quantizeRows(values, hidden * 4, hidden, 0, 1, panels, worths, form)
  linear(head.outProjection, 4, output, false)
  // The pooled rows are not needed any more.
  exports.normalizeAndQuantize(output, hidden, 0, 1, head.norm, epsilon, pooled, panels, worths, form)
  linear(head.expand, 4, wide, false)
  exports.activateAndQuantize(wide, inner, 0, 1, panels, worths, form)
  linear(head.contract, 4, output, true)
}
