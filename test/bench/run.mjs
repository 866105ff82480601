// npm run bench [NAME ...]: builds the package, runs every benchmark or those named, prints tables and writes test/bench/results/*.json.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install } from '../../.ci/install.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

/** Those without a browser. All but the first two need the labelled pictures, and say so where those are absent. */
const scripts = [
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

await install()
run(process.execPath, '.ci/build.mjs')
const given = process.argv.slice(2)
const filter = given.filter((name) => !scripts.includes(name))
if (given.length === 0 || filter.length > 0) {
  run(`${root}node_modules/.bin/playwright`, 'test', '-c', 'test/bench/playwright.config.ts', ...filter)
}
for (const script of scripts) {
  if (given.length === 0 || given.includes(script)) run(process.execPath, `test/bench/${script}.mjs`)
}
run(process.execPath, 'test/bench/readme-table.mjs')
