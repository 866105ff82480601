// npm run bench [NAME ...]: builds the package, runs every benchmark or those named, prints tables and writes test/bench/results/*.json.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install } from '../../.ci/install.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

/** Those of `quality/`. All but the first two need the labelled pictures, and say so where those are absent. */
const withoutBrowser = [
  'tune',
  'demo-scores',
  'quality',
  'tuned',
  'thresholds',
  'centering',
  'crop-proposal',
  'cells',
  'fewer-steps',
]

/** The pattern of one file: a name alone would match the whole folder that has it too. */
const fileNamed = (name) => `/${name}\\.bench\\.ts$`

await install()
run(process.execPath, '.ci/build.mjs')
const given = process.argv.slice(2)
const filter = given.filter((name) => !withoutBrowser.includes(name))
if (given.length === 0 || filter.length > 0) {
  run(
    `${root}node_modules/.bin/playwright`,
    'test',
    '-c',
    'test/bench/playwright.config.ts',
    ...filter.map(fileNamed),
  )
}
for (const name of withoutBrowser) {
  if (given.length === 0 || given.includes(name)) run(process.execPath, 'test/bench/quality/run.mjs', name)
}
run(process.execPath, 'test/bench/readme-table.mjs')
