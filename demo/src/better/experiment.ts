import { type ExperimentReading, readExperiment } from '../../../src/measure/experiment/read-experiment.js'
import type { Comparison, Method } from '../../data/comparison.js'
import type { ShopProduct } from '../catalogue.js'
import { CLICK_MODEL, type ShownLists, type TrueRates, trueRates } from './click-model.js'
import { simulateVisitors } from './simulate-visitors.js'

/** What the visitors of an experiment are shown: each half the lists of one method. */
export interface Design {
  readonly control: Method
  readonly treatment: Method
}

/** Names of the variants, as the readings have them. */
export const CONTROL = 'A'
export const TREATMENT = 'B'

export interface Run {
  readonly reading: ExperimentReading
  readonly truth: { readonly control: TrueRates; readonly treatment: TrueRates }
}

/** Simulates visitors of a design and reads what they did as one reads an experiment. */
export class Experiment {
  readonly #products: readonly ShopProduct[]
  readonly #comparison: Comparison

  constructor(products: readonly ShopProduct[], comparison: Comparison) {
    this.#products = products
    this.#comparison = comparison
  }

  run({ control, treatment }: Design, { visitors, seed }: { visitors: number; seed: number }): Run {
    const lists = { control: this.#lists(control), treatment: this.#lists(treatment) }
    const variants = new Map([
      [CONTROL, lists.control],
      [TREATMENT, lists.treatment],
    ])
    const events = simulateVisitors({ variants, visitors, seed }, CLICK_MODEL)
    const shares = [{ name: CONTROL }, { name: TREATMENT }]
    return {
      reading: readExperiment(events, { variants: shares, control: CONTROL }),
      truth: {
        control: trueRates(lists.control, CLICK_MODEL),
        treatment: trueRates(lists.treatment, CLICK_MODEL),
      },
    }
  }

  #lists(method: Method): ShownLists {
    return this.#comparison.lists[method].map((list, query) => {
      const shelf = this.#products[query]?.type
      return list.map((position) => this.#products[position]?.type === shelf)
    })
  }
}
