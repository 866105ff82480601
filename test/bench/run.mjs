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
