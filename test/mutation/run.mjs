// npm run mutation -- [--seed 7] [--lines 240] [--in src/vectors] [--record]: makes deliberate faults in a sample of the
// code and counts those that no unit test notices. Stryker is installed apart: only this needs it, and it is large.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const version = '9.6.0'
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    /** About so many lines of code are sampled in each folder. */
    lines: { type: 'string', default: '240' },
    /** Only files whose path begins so. */
    in: { type: 'string', default: '' },
    /** Writes the figures to test/bench/results/mutation.json. */
    record: { type: 'boolean', default: false },
  },
})
const root = fileURLToPath(new URL('../../', import.meta.url))
const tool = join(root, '.cache/mutation')
/** Rooms that unit tests cover; what needs a browser (most of the store, the session) is tested there. */
const rooms = {
  network: ['src/network'],
  store: [
    'src/store/chunk.ts',
    'src/store/chunk-border.ts',
    'src/store/memory-store.ts',
    'src/settle-within.ts',
  ],
  worker: [
    'src/worker/indexing',
    'src/worker/session/retries.ts',
    'src/worker/session/leisure.ts',
    'src/worker/collection',
    'src/worker/pictures/encode-queue.ts',
    'src/worker/pictures/photo-memory.ts',
    'src/worker/catalog/pack-in-use.ts',
  ],
  vectors: ['src/vectors'],
}

installTool()
const results = {}
for (const [room, paths] of Object.entries(rooms)) {
  const files = paths.flatMap(sourceFiles).filter((path) => path.startsWith(values.in))
  if (files.length === 0) continue
  results[room] = mutate(room, files)
  if (values.record) record(results)
}
console.table(results)

/** Writes the figures of these rooms; those of others stay as they were. */
function record(rooms) {
  const folder = join(root, 'test/bench/results')
  const file = join(folder, 'mutation.json')
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rooms : {}
  const report = {
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version },
    tool: `Stryker ${version}`,
    rooms: { ...before, ...rooms },
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
}

function installTool() {
  const installed = join(tool, 'node_modules/@stryker-mutator/core/package.json')
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === version) return
  mkdirSync(tool, { recursive: true })
  writeFileSync(join(tool, 'package.json'), '{ "private": true }\n')
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${version}`)
  // The runner's peer is the repository's own vitest, which it finds above.
  run(
    'npm',
    [
      'install',
      '--save-exact',
      '--legacy-peer-deps',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      ...packages,
    ],
    tool,
  )
}

/** Runs Stryker on a sample of these files. */
function mutate(room, files) {
  const sample = sampled(files, generator(`${values.seed} ${room}`))
  const output = join(tool, `${room}.json`)
  const configuration = {
    mutate: sample,
    testRunner: 'vitest',
    plugins: [join(tool, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    vitest: { configFile: 'test/mutation/vitest.config.ts' },
    coverageAnalysis: 'perTest',
    concurrency: Math.max(1, Math.floor(cpus().length / 2)),
    timeoutMS: 20_000,
    reporters: ['json', 'clear-text'],
    clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: false },
    jsonReporter: { fileName: output },
    // The compiler of this repository has another interface than the tool expects.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    tempDirName: '.cache/mutation/sandbox',
    ignorePatterns: [
      '*',
      '!src/**',
      '!test/unit/**',
      '!test/fixtures/**',
      '!test/mutation/**',
      '!public/models/**/*.json',
      '!package.json',
      '!tsconfig.json',
      '!vite.config.ts',
    ],
    // Words in messages are not what tests are for.
    mutator: { excludedMutations: ['StringLiteral'] },
  }
  const file = join(tool, `${room}.config.json`)
  writeFileSync(file, JSON.stringify(configuration, null, 2))
  run(process.execPath, [join(tool, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', file], root)
  return count(JSON.parse(readFileSync(output, 'utf8')))
}

/** Whole files, as many as have so many lines: what spans a part of one only would be left out. */
function sampled(files, random) {
  const sample = []
  let lines = 0
  for (const file of shuffled(files, random)) {
    if (lines >= Number(values.lines)) break
    sample.push(file)
    lines += readFileSync(join(root, file), 'utf8').split('\n').length
  }
  return sample
}

function count({ files }) {
  const mutants = Object.values(files).flatMap(({ mutants }) => mutants)
  const of = (...states) => mutants.filter(({ status }) => states.includes(status)).length
  const noticed = of('Killed', 'Timeout')
  const missed = of('Survived', 'NoCoverage')
  return {
    date: new Date().toISOString().slice(0, 10),
    seed: Number(values.seed),
    lines: Number(values.lines),
    ...(values.in && { in: values.in }),
    faults: noticed + missed,
    noticed,
    missed,
    untouched: of('NoCoverage'),
    score: Math.round((1000 * noticed) / (noticed + missed)) / 1000,
  }
}

function sourceFiles(path) {
  if (path.endsWith('.ts')) return [path]
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => name.endsWith('.ts') && !/(^|\/)(assembly|generated)\//.test(name.replaceAll('\\', '/')),
    )
    .map((name) => relative(root, join(root, path, name)).replaceAll('\\', '/'))
    .sort()
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/** Numbers in [0, 1) that the same text gives again: mulberry32 after a hash. */
function generator(text) {
  let state = [...text].reduce(
    (hash, character) => Math.imul(hash ^ character.codePointAt(0), 0x01000193),
    0x811c9dc5,
  )
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

function shuffled(values, random) {
  return values
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
}
