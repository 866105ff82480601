import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from '../.ci/install.mjs'
import { missingBrowsers } from './browser/other-browsers/find.mjs'

/*
 * npm test                                 install, build, check, all tests
 * node test/run.mjs unit [filter]          build, and unit tests whose path contains the filter
 * node test/run.mjs browser [filter]       build, and browser tests whose path contains the filter
 * ... --built                              without the build: it has just been made
 *
 * The last line of output is `N passed, M failed`, with `, K skipped` where there are any. A step before the tests
 * that fails counts as one failure.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const results = join(root, 'test-results')
const unitResults = join(results, 'unit.json')
const browserResults = join(results, 'browser.json')

const [suite = 'all', ...filter] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
if (!['all', 'unit', 'browser'].includes(suite)) {
  console.error(`"${suite}" is no suite: unit, browser, or nothing for all`)
  process.exit(2)
}

const failures = []
const total = { passed: 0, failed: 0, skipped: 0 }
rmSync(results, { recursive: true, force: true })
if (step('install', install)) {
  // The build comes first: it generates sources that the check and the tests import.
  if (process.argv.includes('--built') || step('build', () => npm('build'))) {
    if (suite === 'all') {
      step('check', () => npm('check'))
      step('size', () => npm('size'))
    }
    if (suite !== 'browser') add(runUnitTests())
    if (suite !== 'unit') add(runBrowserTests())
  }
}
if (suite !== 'unit') for (const missing of missingBrowsers()) console.log(missing)
for (const failure of failures) console.log(`\nfailed: ${failure}`)
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)

function runUnitTests() {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${unitResults}`]
  const exit = runTool('vitest/vitest.mjs', ['run', ...reporters, ...filter])
  return count(exit, unitResults, (report) => {
    for (const file of report.testResults) noteFailures(file)
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    }
  })
}

/** Keeps what failed for the end of the output: the browser tests that follow push it far up. */
function noteFailures({ name, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  for (const test of failed) failures.push(`${test.fullName}\n${test.failureMessages.join('\n')}`)
  if (status === 'failed' && failed.length === 0) failures.push(`${name}\n${message}`)
}

function runBrowserTests() {
  const exit = runTool('@playwright/test/cli.js', ['test', '--config', join('test', 'browser'), ...filter])
  return count(exit, browserResults, ({ suites, stats }) => {
    for (const suite of suites) noteSkipped(suite)
    // Playwright lists the flaky ones by name: on a busy CI machine a browser test has a second try.
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }
  })
}

/** Tells why browser tests were skipped: what this browser cannot do. */
function noteSkipped({ specs = [], suites = [] }) {
  for (const { title, tests } of specs) {
    for (const { projectName, annotations, status } of tests) {
      const reason = annotations.find(({ type }) => type === 'skip')?.description
      if (status === 'skipped')
        console.log(`skipped in ${projectName}: ${title}${reason ? `: ${reason}` : ''}`)
    }
  }
  for (const suite of suites) noteSkipped(suite)
}

/** Reads a runner's report. A runner that fails without a failed test, or leaves no report, is one failure. */
function count(exit, file, read) {
  let counts
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    console.error(`no test results: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  return exit !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

function add({ passed, failed, skipped }) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

/** Runs a step before the tests; its failure is printed and counted. */
function step(name, run) {
  try {
    run()
    return true
  } catch (error) {
    console.error(`${name} failed: ${error.message}`)
    total.failed++
    return false
  }
}

function npm(script) {
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm run ${script} ended with ${status}`)
}

function runTool(cli, args) {
  const path = join(root, 'node_modules', ...cli.split('/'))
  return spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: 'inherit' }).status
}
