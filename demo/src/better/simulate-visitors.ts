import { assignVariant } from '../../../src/measure/experiment/assign-variant.js'
import type { ExperimentEvent } from '../../../src/measure/experiment/experiment-events.js'
import { type SeededRandom, seededRandom } from '../../../src/measure/statistics/seeded-random.js'
import { type ClickModel, clickProbability, type ShownLists } from './click-model.js'

export interface SimulatedExperiment {
  /** By variant; the first is the control. */
  readonly variants: ReadonlyMap<string, ShownLists>
  readonly visitors: number
  /** Other seeds are other visitors. */
  readonly seed: number
}

/** What a page would have noted about visitors who behave as `model` says. */
export function simulateVisitors(
  { variants, visitors, seed }: SimulatedExperiment,
  model: ClickModel,
): ExperimentEvent[] {
  const experiment = `simulation-${seed}`
  const shares = Array.from(variants.keys(), (name) => ({ name }))
  const random = seededRandom(seed)
  const events: ExperimentEvent[] = []
  for (let number = 0; number < visitors; number++) {
    const visitor = `visitor-${number}`
    const variant = assignVariant(experiment, visitor, shares)
    const lists = variants.get(variant) as ShownLists
    for (const type of visit(lists, model, random)) events.push({ experiment, variant, visitor, type })
  }
  return events
}

function* visit(
  lists: ShownLists,
  model: ClickModel,
  random: SeededRandom,
): Generator<ExperimentEvent['type']> {
  const eagerness = model.eagerness[random.below(model.eagerness.length)] as number
  let buys = random.next() < model.purchase.without
  for (let left = 1 + random.below(model.mostLists); left > 0; left--) {
    yield 'exposure'
    const list = lists[random.below(lists.length)] as readonly boolean[]
    for (const [index, sameShelf] of list.entries()) {
      if (random.next() >= clickProbability(model, { position: index + 1, sameShelf, eagerness })) continue
      yield 'click'
      if (random.next() < model.purchase.perClick) buys = true
    }
  }
  if (buys) yield 'conversion'
}
