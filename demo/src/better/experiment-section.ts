import type { Comparison } from '../../data/comparison.js'
import type { ShopProduct } from '../catalogue.js'
import { create } from '../dom.js'
import { formatCount, formatShare } from '../format.js'
import { CLICK_MODEL } from './click-model.js'
import { type Design, Experiment } from './experiment.js'
import { experimentReadout } from './experiment-readout.js'
import { clicksOf, experimentVerdict } from './experiment-verdict.js'
import { METHOD_TEXTS } from './methods.js'
import { repeatedReadout } from './repeated-readout.js'

const DESIGNS: readonly Design[] = [
  { control: 'colours', treatment: 'encoder' },
  { control: 'encoder', treatment: 'tuned' },
  { control: 'encoder', treatment: 'encoder' },
]
const VISITORS = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000] as const
const LIFTS = [0.05, 0.1, 0.14, 0.25, 0.5] as const
const REPETITIONS = 20

/** An A/B test of simulated visitors: to see how one is read, and how little few visitors say. */
export function experimentSection(products: readonly ShopProduct[], comparison: Comparison): HTMLElement {
  const experiment = new Experiment(products, comparison)
  const designs = DESIGNS.map((design, index) => designChoice(design, index))
  const count = create('input', {
    id: 'visitors',
    type: 'range',
    min: 0,
    max: VISITORS.length - 1,
    step: 1,
    value: 3,
  })
  const countText = create('output', { for: 'visitors' })
  const lift = create(
    'select',
    { id: 'lift', class: 'choice' },
    ...LIFTS.map((value) => create('option', { value, selected: value === 0.14 }, formatShare(value))),
  )
  const others = create('button', { type: 'button', class: 'button' }, 'Other visitors')
  const repeat = create('button', { type: 'button', class: 'button' }, `Repeat ${REPETITIONS} times`)
  const verdict = create('p', { class: 'verdict', role: 'status' })
  const readout = create('div')
  const repeated = create('div', { role: 'status' })

  let seed = 1
  let repeating = new AbortController()
  const visitors = () => VISITORS[Number(count.value)] as number
  const design = () => DESIGNS[designs.findIndex(({ input }) => input.checked)] as Design
  const sayCount = () => {
    const text = formatCount(visitors(), 'visitor')
    countText.textContent = text
    count.setAttribute('aria-valuetext', text)
  }
  const run = () => {
    repeating.abort()
    repeated.replaceChildren()
    const result = experiment.run(design(), { visitors: visitors(), seed })
    verdict.textContent = experimentVerdict(result, design())
    readout.replaceChildren(experimentReadout(result, design(), Number(lift.value)))
  }
  const runAgain = async () => {
    repeating.abort()
    repeating = new AbortController()
    const { signal } = repeating
    const found: ReturnType<typeof clicksOf>[] = []
    while (found.length < REPETITIONS) {
      // The page stays usable meanwhile.
      await new Promise((resolve) => setTimeout(resolve))
      if (signal.aborted) return
      seed++
      found.push(clicksOf(experiment.run(design(), { visitors: visitors(), seed }).reading))
    }
    repeated.replaceChildren(repeatedReadout(found, design(), visitors()))
  }

  count.addEventListener('input', sayCount)
  count.addEventListener('change', run)
  lift.addEventListener('change', run)
  for (const { input } of designs) input.addEventListener('change', run)
  others.addEventListener('click', () => {
    seed++
    run()
  })
  repeat.addEventListener('click', runAgain)
  sayCount()
  run()

  return create(
    'section',
    { class: 'part', 'aria-labelledby': 'sell' },
    create('h2', { id: 'sell' }, 'Does it sell? A simulated A/B test'),
    create(
      'p',
      { class: 'notice simulated' },
      create('strong', {}, 'Simulated.'),
      ` No shopper took part. ${modelText()}`,
    ),
    create(
      'div',
      { class: 'controls' },
      create(
        'fieldset',
        {},
        create('legend', {}, 'Half of the visitors see A, half B'),
        ...designs.map(({ label }) => label),
      ),
      create('div', { class: 'control' }, create('label', { for: 'visitors' }, 'Visitors'), count, countText),
      create(
        'div',
        { class: 'control' },
        create('label', { for: 'lift' }, 'Smallest lift worth finding'),
        lift,
      ),
      create('div', { class: 'control-buttons' }, others, repeat),
    ),
    verdict,
    readout,
    repeated,
  )
}

function designChoice({ control, treatment }: Design, index: number) {
  const input = create('input', { type: 'radio', name: 'design', value: index, checked: index === 0 })
  const text =
    control === treatment
      ? `A/A test: both ${METHOD_TEXTS[control].title.toLowerCase()}`
      : `A: ${METHOD_TEXTS[control].title.toLowerCase()}, B: ${METHOD_TEXTS[treatment].title.toLowerCase()}`
  return { input, label: create('label', {}, input, ` ${text}`) }
}

/** The click model in words, from its numbers. */
function modelText(): string {
  const { appeal, mostLists, purchase } = CLICK_MODEL
  return (
    `A visitor is drawn by a seed and opens 1 to ${mostLists} products. Of each list, place 1 is always looked at, place ` +
    `2 half the time, place 3 a third, and so on. What is looked at is clicked with a chance of ` +
    `${formatShare(appeal.sameShelf)} if it is from the same shelf, else ${formatShare(appeal.other)}; some visitors ` +
    `click more than others. A click leads to a purchase with a chance of ${formatShare(purchase.perClick)}; ` +
    `${formatShare(purchase.without)} buy anyway. The lists are those above.`
  )
}
