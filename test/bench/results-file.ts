import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { processorFeatures } from './processor-features.js'

/** One line of a benchmark's table. `target` says what was aimed at, `met` whether it was reached. */
export interface Row {
  readonly what: string
  readonly value: string
  readonly target?: string
  readonly met?: boolean
}

/** The row of a ratio that should be `atMost`, or `above`, some number. */
export function ratioRow(
  what: string,
  ratio: number,
  wanted: { readonly atMost: number } | { readonly above: number },
): Row {
  const isLimit = 'atMost' in wanted
  return {
    what,
    value: `${ratio.toFixed(2)}x`,
    target: isLimit ? `<= ${wanted.atMost}x` : `> ${wanted.above}x`,
    met: isLimit ? ratio <= wanted.atMost : ratio > wanted.above,
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Prints the rows as a table and writes them, the numbers behind them, and where they were measured, as JSON. */
export function publish(name: string, rows: readonly Row[], numbers: unknown, browser: string): void {
  console.table(
    rows.map(({ what, value, target = '', met }) => ({
      what,
      value,
      target,
      met: met === undefined ? '' : met ? 'yes' : 'NO',
    })),
  )
  const folder = `${root}test/bench/results`
  mkdirSync(folder, { recursive: true })
  const result = { date: new Date().toISOString().slice(0, 10), machine: machine(browser), rows, numbers }
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(result, null, 2)}\n`)
}

function machine(browser: string) {
  const versionOf = (name: string) =>
    (JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8')) as { version: string })
      .version
  return {
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    features: processorFeatures(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    browser,
    'onnxruntime-web': versionOf('onnxruntime-web'),
    '@huggingface/transformers': versionOf('@huggingface/transformers'),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  }
}
