// Installs examples from the packed package, builds them for production and opens them in a browser.
//
// npm run examples               the quick ones
// npm run examples vue nextjs    those named; `all` for all
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

const tarball = pack()
let failed = 0
for (const name of names) {
  const started = Date.now()
  try {
    const sites = await runExample(name)
    console.log(`ok      ${name}: ${sites}, ${((Date.now() - started) / 1000).toFixed(0)} s`)
  } catch (error) {
    failed++
    console.log(`failed  ${name}\n${error.message}`)
  }
}
console.log(`${names.length - failed} of ${names.length} examples work`)
process.exitCode = failed > 0 ? 1 : 0

/** The package as it would be published. */
function pack() {
  mkdirSync(scratch, { recursive: true })
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', scratch], root))
  const path = join(scratch, 'similar-items.tgz')
  renameSync(join(scratch, filename), path)
  return path
}

/** @returns what was opened. */
async function runExample(name) {
  const folder = join(scratch, name)
  // What was installed by an earlier run is kept: only the package is always new.
  const isKept = (path) =>
    !/[\\/](node_modules|dist|build|out)([\\/]|$)/.test(path.slice(join(root, 'examples').length))
  cpSync(join(root, 'examples', name), folder, { recursive: true, filter: isKept })
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  description.dependencies['similar-items'] = `file:${tarball}`
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description, null, 2))
  rmSync(join(folder, 'package-lock.json'), { force: true })
  rmSync(join(folder, 'node_modules', 'similar-items'), { recursive: true, force: true })
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], folder)

  const { cdn, ...sites } = description.example
  for (const [script, site] of Object.entries(sites)) {
    run('npm', ['run', script], folder)
    await openExample({ site: join(folder, site), cdn: cdn && join(folder, cdn) })
  }
  if (description.scripts.types) run('npm', ['run', 'types'], folder)
  return Object.keys(sites).join(' and ') + (description.scripts.types ? ', types' : '')
}

/** Runs a program and returns what it prints. @throws {Error} with all of it, where it fails. */
function run(command, args, folder) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      NG_CLI_ANALYTICS: 'false',
    },
    shell: process.platform === 'win32',
  })
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')} failed in ${folder}\n${stdout}\n${stderr}`)
}
