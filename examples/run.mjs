// Installs examples from the packed package, builds them for production and opens them in a browser.
//
// npm run examples               the quick ones
// npm run examples vue nextjs    those named; `all` for all
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import pMap from 'p-map'
import { openExample } from './open-example.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = join(root, '.cache', 'examples')
const quick = ['plain', 'cdn', 'vite', 'webpack', 'rollup', 'esbuild']
const all = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const given = process.argv.slice(2)
const names = given.length === 0 ? quick : given.includes('all') ? all : given
const unknown = names.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No example ${unknown.join(', ')}; there are ${all.join(', ')}.`)
  process.exit(2)
}

const tarball = await pack()
let failed = 0
let skipped = 0
// One waits for the registry while the other builds.
await pMap(names, tryExample, { concurrency: 2 })
const tried = names.length - skipped
console.log(`${tried - failed} of ${tried} examples work${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0

async function tryExample(name) {
  const started = Date.now()
  try {
    const missing = missingProgram(name)
    if (missing) {
      skipped++
      console.log(`skipped ${name}: ${missing} is absent`)
      return
    }
    const sites = await runExample(name)
    console.log(`ok      ${name}: ${sites}, ${((Date.now() - started) / 1000).toFixed(0)} s`)
  } catch (error) {
    failed++
    console.log(`failed  ${name}\n${error.message}`)
  }
}

/** The package as it would be published, in a folder of its own: two runs may be under way. */
async function pack() {
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'packed-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const [{ filename }] = JSON.parse(await run('npm', ['pack', '--json', '--pack-destination', folder], root))
  return join(folder, filename)
}

/** The program that an example needs and this machine lacks, or null. */
function missingProgram(name) {
  const { needs } = descriptionOf(join(root, 'examples', name)).example
  return needs && spawnSync(needs, ['--version']).status !== 0 ? needs : null
}

function descriptionOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** @returns what was opened. */
async function runExample(name) {
  const folder = join(scratch, name)
  // What was installed by an earlier run is kept: only the package is always new.
  const isKept = (path) =>
    !/[\\/](node_modules|dist|build|out|\.output|\.nuxt|\.angular)([\\/]|$)/.test(
      path.slice(join(root, 'examples').length),
    )
  cpSync(join(root, 'examples', name), folder, { recursive: true, filter: isKept })
  const description = descriptionOf(folder)
  description.dependencies['similar-items'] = `file:${tarball}`
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description, null, 2))
  rmSync(join(folder, 'package-lock.json'), { force: true })
  rmSync(join(folder, 'node_modules', 'similar-items'), { recursive: true, force: true })
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], folder)

  const { cdn, needs, ...sites } = description.example
  for (const [script, site] of Object.entries(sites)) {
    await run('npm', ['run', script], folder)
    await openExample({ site: join(folder, site), cdn: cdn && join(folder, cdn) })
  }
  if (description.scripts.types) await run('npm', ['run', 'types'], folder)
  return Object.keys(sites).join(' and ') + (description.scripts.types ? ', types' : '')
}

/** Runs a program and returns what it prints. @throws {Error} with all of it, where it fails. */
async function run(command, args, folder) {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      NG_CLI_ANALYTICS: 'false',
    },
    shell: process.platform === 'win32',
  })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} failed in ${folder}\n${stdout}\n${stderr}`)
}
