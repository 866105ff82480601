import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Evaluation } from '../../src/measure/evaluation/evaluation.js'
import { type Measured, type MeasuredTask, measuredPath } from './comparison.js'
import type { SiteFile } from './feed.js'

const results = fileURLToPath(new URL('../../test/bench/results/quality.json', import.meta.url))
const METRIC = 'nDCG@5'
/** The weights that a page runs, at their full length. */
const ENCODER = 'int8, 192'

type TaskNumbers = Evaluation & { readonly mobileNet: number | null }

/** What `npm run bench` last measured on public labelled sets, less what a stakeholder has no use for. */
export async function measuredFile(): Promise<SiteFile> {
  const { date, numbers } = JSON.parse(await readFile(results, 'utf8')) as {
    date: string
    numbers: Record<string, TaskNumbers>
  }
  const tasks = Object.entries(numbers).filter(([, { systems }]) => systems !== undefined)
  const [[, first] = []] = tasks
  if (!first) throw new Error(`${results} has no task. Run npm run bench.`)
  const measured: Measured = {
    date,
    level: first.level,
    tasks: tasks.map(([name, task]) => measuredTask(name, task)),
  }
  return { path: measuredPath, content: JSON.stringify(measured) }
}

function measuredTask(name: string, { queries, mobileNet, systems }: TaskNumbers): MeasuredTask {
  const encoder = systems.find((system) => system.name === ENCODER)?.estimates[METRIC]
  if (encoder) return { name, queries, mobileNet, encoder }
  throw new Error(`${results} has no ${METRIC} of "${ENCODER}" on ${name}. Run npm run bench.`)
}
