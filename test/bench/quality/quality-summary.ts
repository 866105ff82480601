import { readFileSync } from 'node:fs'
import type { Evaluation } from '../../../src/measure/evaluation/evaluation.js'
import type { Row } from '../results-file.js'

/** Tasks of kinds that training knows (other people, products or pictures), and of a shop of which it saw nothing. */
const groups = {
  'known kinds': [
    'clothing',
    'grocery',
    'grocery, photo to clean picture',
    'fashion, kind alone',
    'fashion, full label',
    'caltech',
  ],
  'never seen': ['furniture'],
} as const

type Systems = Pick<Evaluation['systems'][number], 'name' | 'estimates'>[]

/** What was measured with the weights of version 1, on the same pictures and queries. */
const before = JSON.parse(
  readFileSync(new URL('../results/quality-version-1.json', import.meta.url), 'utf8'),
) as { numbers: Record<string, { systems: Systems }> }

/** Mean nDCG@5 of the kinds of pictures apart: the weights of version 1, those of now, and these centered. */
export function summaryRows(evaluations: ReadonlyMap<string, Evaluation>): Row[] {
  return Object.entries(groups).flatMap(([group, tasks]) =>
    ['int8', 'fp16'].flatMap((weights) =>
      [192, 128, 64].map((length): Row => {
        const plain = `${weights}, ${length}`
        const mean = (systemsOf: (task: string) => Systems, name: string) =>
          tasks.reduce((sum, task) => sum + ndcgOf(systemsOf(task), name), 0) / tasks.length
        const now = (task: string) => [...(evaluations.get(task)?.systems ?? [])]
        const old = mean((task) => before.numbers[task]?.systems ?? [], plain)
        const [plainMean, centered] = [mean(now, plain), mean(now, `${weights} centered, ${length}`)]
        return {
          what: `${group}, mean nDCG@5: ${plain}; version 1 -> 2 -> centered`,
          value: `${old.toFixed(4)} -> ${plainMean.toFixed(4)} -> ${centered.toFixed(4)} (${percent(centered / plainMean)})`,
          target: 'centered no worse',
          met: centered >= plainMean,
        }
      }),
    ),
  )
}

function ndcgOf(systems: Systems, name: string): number {
  return systems.find((system) => system.name === name)?.estimates['nDCG@5']?.mean ?? Number.NaN
}

function percent(ratio: number): string {
  const change = (ratio - 1) * 100
  return `${change < 0 ? '' : '+'}${change.toFixed(1)} %`
}
