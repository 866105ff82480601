// npm run bench: builds the package, runs every benchmark, prints tables and writes test/bench/results/*.json.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install } from '../../.ci/install.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

await install()
run(process.execPath, '.ci/build.mjs')
const filter = process.argv.slice(2)
run(`${root}node_modules/.bin/playwright`, 'test', '-c', 'test/bench/playwright.config.ts', ...filter)
if (filter.length === 0) {
  run(process.execPath, 'test/bench/tune.mjs')
  // These need the labelled pictures, and say so where those are absent.
  run(process.execPath, 'test/bench/quality.mjs')
  run(process.execPath, 'test/bench/crop-proposal.mjs')
}
run(process.execPath, 'test/bench/readme-table.mjs')
