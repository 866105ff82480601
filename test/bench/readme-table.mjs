// Writes what was measured into documents, between their two "measured" marks; run by npm run bench.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** The files shown in README.md, with what their rows are about where they do not say so themselves. */
const shown = {
  encode: '',
  kernel: 'inference, ',
  startup: 'engine opened to first vector, ',
  'slow-processor': "new product, page's processor six times as slow, ",
  page: '',
  sizes: '',
  pixels: 'decode and exact resize, ',
  memory: 'memory over 500 encodes, ',
  scan: 'scan, ',
  store: '100 000 vectors from IndexedDB, ',
  'pack-page': 'page with a pack of 10 000, ',
}

/** What has a target, and the few numbers that a reader asks for. */
const isShown = ({ what, target }) =>
  (target !== undefined && !/^1?[0-9]{1,2},000 x|768/.test(what)) ||
  /^(whole|transformers.js, whole|first visit: |cold: upgrade|warm: upgrade)/.test(what)

/** All that was measured of the kernel is in docs/models.md. */
const shownOfKernel = {
  kernel: '',
  startup: 'engine opened to first vector, ',
  'slow-processor': "new product, page's processor six times as slow, ",
}

/** README.md with the table made of the files in `results/`. */
export function readmeWithTable() {
  return withTable('README.md', table(shown, isShown))
}

/** docs/models.md with that of the kernel. */
export function modelsWithTable() {
  return withTable(
    'docs/models.md',
    table(shownOfKernel, () => true),
  )
}

function withTable(document, table) {
  const text = readFileSync(root + document, 'utf8')
  return text.replace(
    /<!-- measured -->[\s\S]*<!-- \/measured -->/,
    () => `<!-- measured -->\n\n${table}\n\n<!-- /measured -->`,
  )
}

function table(files, isShown) {
  const results = Object.entries(files)
    .map(([name, about]) => ({ about, file: `${root}test/bench/results/${name}.json` }))
    .filter(({ file }) => existsSync(file))
    .map(({ about, file }) => ({ about, ...JSON.parse(readFileSync(file, 'utf8')) }))
  const lines = results.flatMap(({ about, rows }) =>
    rows.filter(isShown).map((row) => line({ ...row, what: about + row.what })),
  )
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
  const { cpu, features, memory, browser } = machine
  return `${cpu}${features ? ` (${features})` : ''}, ${memory}, ${browser}, onnxruntime-web ${machine['onnxruntime-web']}, one thread, pages from this machine`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}README.md`, readmeWithTable())
  writeFileSync(`${root}docs/models.md`, modelsWithTable())
}
