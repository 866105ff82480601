// Writes what was measured into README.md, between its two "measured" marks; run by npm run bench.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const shown = ['encode', 'page', 'sizes', 'pixels', 'memory', 'scan', 'store', 'pack-page']

/** What has a target, and the few numbers that a reader asks for. */
const isShown = ({ what, target }) =>
  target !== undefined || /^(whole|transformers.js, whole|first visit: |warm: upgrade)/.test(what)

/** README.md with the table made of the files in `results/`. */
export function readmeWithTable() {
  const readme = readFileSync(`${root}README.md`, 'utf8')
  return readme.replace(
    /<!-- measured -->[\s\S]*<!-- \/measured -->/,
    () => `<!-- measured -->\n\n${table()}\n\n<!-- /measured -->`,
  )
}

function table() {
  const results = shown
    .map((name) => `${root}test/bench/results/${name}.json`)
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
  const lines = results.flatMap(({ rows }) => rows.filter(isShown).map(line))
  return [
    '| measured | value | target |',
    '| --- | --- | --- |',
    ...lines,
    '',
    ...new Set(results.map(({ date, machine }) => `On ${date}: ${describe(machine)}.`)),
    '`npm run bench` measures again and writes `test/bench/results/`.',
  ].join('\n')
}

function line({ what, value, target, met }) {
  const verdict = target === undefined ? '' : `${target}${met ? '' : ' (missed)'}`
  return `| ${what} | ${value} | ${verdict} |`
}

function describe(machine) {
  const { cpu, memory, browser } = machine
  return `${cpu}, ${memory}, ${browser}, onnxruntime-web ${machine['onnxruntime-web']}, one thread, pages from this machine`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(`${root}README.md`, readmeWithTable())
