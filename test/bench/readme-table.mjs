// Writes what was measured into documents, between their two "measured" marks; run by npm run bench.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What README.md shows: the few numbers that a reader asks for. */
const headlines = {
  page: [/^first visit: (upgrade to first|bytes)/, /^later visit: upgrade/],
  'pack-page': [/^(cold|warm): upgrade to results/],
  encode: [/^whole/, /^transformers\.js against/],
  kernel: [/^one picture against/],
  scan: [/^1,000,000 x 128: ours, int8/],
  sizes: [/^(element|worker)/],
}
/** Where rows do not say so themselves, what those of a file are about. */
const subjects = {
  kernel: 'inference, ',
  startup: 'engine opened to first vector, ',
  'slow-processor': "new product, page's processor six times as slow, ",
  pixels: 'decode and exact resize, ',
  memory: 'memory over 500 encodes, ',
  scan: 'scan, ',
  store: '100 000 vectors from IndexedDB, ',
  'pack-page': 'page with a pack of 10 000, ',
}

/** docs/speed.md shows what has a target, and what the others are measured by. */
const files = [
  'encode',
  'kernel',
  'startup',
  'slow-processor',
  'page',
  'sizes',
  'pixels',
  'memory',
  'scan',
  'store',
  'pack-page',
]
const isOfSpeed = ({ what, target }) =>
  (target !== undefined && !/^1?[0-9]{1,2},000 x|768/.test(what)) ||
  /^(whole|transformers.js, whole|first visit: upgrade|later visit: |a bare page|cold: |warm: )/.test(what)

/** All that was measured of the kernel is in docs/models.md. */
const filesOfKernel = ['kernel', 'startup', 'slow-processor']

/** README.md with the table made of the files in `results/`. */
export function readmeWithTable() {
  const isShown = (row, name) => headlines[name].some((pattern) => pattern.test(row.what))
  return withTable('README.md', table(Object.keys(headlines), isShown))
}

/** docs/speed.md with all that is measured of pages. */
export function speedWithTable() {
  return withTable('docs/speed.md', table(files, isOfSpeed))
}

/** docs/models.md with that of the kernel. */
export function modelsWithTable() {
  return withTable(
    'docs/models.md',
    table(filesOfKernel, () => true, { ...subjects, kernel: '' }),
  )
}

function withTable(document, table) {
  const text = readFileSync(root + document, 'utf8')
  return text.replace(
    /<!-- measured -->[\s\S]*<!-- \/measured -->/,
    () => `<!-- measured -->\n\n${table}\n\n<!-- /measured -->`,
  )
}

function table(names, isShown, about = subjects) {
  const results = names
    .map((name) => ({ name, file: `${root}test/bench/results/${name}.json` }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => ({ name, ...JSON.parse(readFileSync(file, 'utf8')) }))
  const lines = results.flatMap(({ name, rows }) =>
    rows
      .filter((row) => isShown(row, name))
      .map((row) => line({ ...row, what: (about[name] ?? '') + row.what })),
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
  writeFileSync(`${root}docs/speed.md`, speedWithTable())
  writeFileSync(`${root}docs/models.md`, modelsWithTable())
}
