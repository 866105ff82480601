// npm run faults -- [--in firefox] [--record] [filter ...]: builds the package and runs the fault cases, all of them, in
// Chromium, Firefox and WebKit, or in the one that is named. A filter is a part of a file name.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { install } from '../../.ci/install.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    in: { type: 'string', multiple: true, default: ['chromium', 'firefox', 'webkit'] },
    /** Writes how the cases ended to test/bench/results/faults.json; those that were not run stay as they were. */
    record: { type: 'boolean', default: false },
    /** Takes the package as it is built. */
    'no-build': { type: 'boolean', default: false },
  },
})
const root = fileURLToPath(new URL('../../', import.meta.url))
const report = join(root, 'test-results/browser.json')
const results = join(root, 'test/bench/results/faults.json')
const run = (...args) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, FAULTS: 'all' } })
    .status ?? 1

if (!values['no-build']) {
  await install()
  const built = run('.ci/build.mjs')
  if (built !== 0) process.exit(built)
}
const projects = values.in.flatMap((name) => ['--project', `faults ${name}`])
process.exitCode = run(
  'node_modules/@playwright/test/cli.js',
  'test',
  '-c',
  'test/browser',
  '--retries',
  '0',
  ...positionals,
  ...projects,
)
if (values.record) record(JSON.parse(readFileSync(report, 'utf8')))

function record({ suites }) {
  const engines = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')).engines : {}
  for (const { title, engine, browser, outcome } of suites.flatMap(casesOf)) {
    engines[engine] ??= { browser, tried: 0, survived: 0, lost: 0, skipped: 0, cases: {} }
    engines[engine].browser = browser ?? engines[engine].browser
    engines[engine].cases[title] = outcome
  }
  for (const engine of Object.values(engines)) {
    const outcomes = Object.values(engine.cases)
    const count = (wanted) => outcomes.filter((outcome) => outcome.startsWith(wanted)).length
    Object.assign(engine, { survived: count('survived'), lost: count('lost'), skipped: count('skipped') })
    engine.tried = engine.survived + engine.lost
  }
  const date = new Date().toISOString().slice(0, 10)
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length }
  writeFileSync(results, `${JSON.stringify({ date, machine, engines }, null, 2)}\n`)
}

/** Every case of a suite of Playwright's report, and how it ended. */
function casesOf({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ title, tests }) =>
    tests.map(({ projectName, status, annotations, results }) => {
      const reason = annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given'
      const outcome =
        status === 'expected' ? 'survived' : status === 'skipped' ? `skipped: ${reason}` : 'lost'
      const browser = results[0]?.stdout
        .map(({ text }) => text?.trim())
        .find((text) => /^(Chromium|WebKit|firefox|Firefox)/.test(text))
      return { title, engine: projectName.replace(/^faults /, ''), browser, outcome }
    }),
  )
  return [...own, ...suites.flatMap(casesOf)]
}
