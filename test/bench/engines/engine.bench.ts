import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from '@playwright/test'
import { publish, type Row } from '../results-file.js'
import { EngineCatalogue } from './engine-catalogue.js'
import { type AnsweredQuestions, askQuestions } from './engine-questions.js'
import { type MeasuredEngine, openers } from './measured-engines.js'

const dimensions = 192
/** `ENGINE_ROWS=20000` measures this instead. */
const sizes = (process.env.ENGINE_ROWS ?? '100000,1000000').split(',').map(Number)
/** `ENGINES=lancedb` leaves out the others. `PGVECTOR_URL` is a PostgreSQL for `similar_items_bench_...`. */
const names = (process.env.ENGINES ?? 'lancedb,pgvector').split(',')
/**
 * A folder in which everything is kept, so that the measurement can be made in pieces: what has been loaded is not
 * loaded again, and what another run has measured stands in the table too. `ENGINE_STEP=load` asks nothing.
 */
const kept = process.env.ENGINE_FOLDER
const isLoadOnly = process.env.ENGINE_STEP === 'load'

interface Loading {
  readonly writeSeconds: number
  readonly indexSeconds: number
  /** Of all processes, in seconds of one processor; null where that cannot be told. */
  readonly processorSeconds: number | null
  readonly megabytes: number
}

interface Run extends Loading {
  readonly engine: string
  readonly rows: number
  readonly questions: readonly AnsweredQuestions[]
}

interface Scan {
  readonly rows: number
  readonly megabytes: number
  readonly milliseconds: readonly number[]
  readonly processorMilliseconds: number
}

test('vector engines beside the scan', async () => {
  test.setTimeout(6 * 3_600_000)
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'similar-items-'))
  mkdirSync(folder, { recursive: true })
  try {
    for (const rows of sizes) await measureSize(rows, folder)
    const [scans, runs] = [readAll<Scan>(folder, 'scans.json'), readAll<Run>(folder, 'runs.json')]
    if (isLoadOnly) return
    publish(
      'engine',
      [...scans.map(scanRow), ...runs.flatMap(rowsOf), ...notMeasured(runs), loadRow()],
      { dimensions, versions: versions(), scans: scans.map(summary), runs: runs.map(summary) },
      'none',
    )
  } finally {
    if (!kept) rmSync(folder, { recursive: true, force: true })
  }
})

async function measureSize(rows: number, folder: string): Promise<void> {
  const catalogue = new EngineCatalogue(rows, dimensions)
  if (!isLoadOnly) {
    const scan = { rows, megabytes: catalogue.packBytes / 1e6, ...catalogue.timeScan() }
    keep<Scan>(folder, 'scans.json', scan, (other) => other.rows === rows)
  }
  for (const name of names) {
    if (name === 'pgvector' && !process.env.PGVECTOR_URL) continue
    const run = await measure(name, catalogue, folder)
    if (!isLoadOnly) {
      keep<Run>(folder, 'runs.json', run, ({ engine, rows: others }) => engine === name && others === rows)
    }
  }
}

async function measure(name: string, catalogue: EngineCatalogue, folder: string): Promise<Run> {
  const { rows } = catalogue
  const file = join(folder, `loaded-${name}-${rows}.json`)
  const opened = await (openers[name] as (typeof openers)[string])(rows, folder)
  try {
    const loading = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Loading)
      : await load(opened, catalogue)
    writeFileSync(file, JSON.stringify(loading))
    console.log(`${name}: ${rows} rows are in`, loading)
    const questions = isLoadOnly ? [] : await askQuestions(opened, catalogue)
    return { engine: name, rows, ...loading, questions }
  } finally {
    await opened.close()
  }
}

async function load(
  { engine, bytes, processorSeconds }: MeasuredEngine,
  catalogue: EngineCatalogue,
): Promise<Loading> {
  const { space, rows } = catalogue
  const spentBefore = await processorSeconds()
  const started = performance.now()
  let count = 0
  for (const batch of catalogue.batches(engine.batch ?? 500)) {
    await engine.write(space, batch)
    count += batch.length
    if (count % 50_000 === 0) console.log(`${count} of ${rows} written`)
  }
  const written = performance.now()
  await engine.activate(space)
  const indexed = performance.now()
  const spent = await processorSeconds()
  return {
    writeSeconds: (written - started) / 1000,
    indexSeconds: (indexed - written) / 1000,
    processorSeconds: spent === null || spentBefore === null ? null : spent - spentBefore,
    megabytes: (await bytes()) / 1e6,
  }
}

function readAll<Entry>(folder: string, name: string): Entry[] {
  const file = join(folder, name)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

/** Adds an entry to those of a file, in place of the one that is the same. */
function keep<Entry extends { readonly rows: number }>(
  folder: string,
  name: string,
  entry: Entry,
  isSame: (other: Entry) => boolean,
): void {
  const others = readAll<Entry>(folder, name).filter((other) => !isSame(other))
  const all = [...others, entry].sort((a, b) => a.rows - b.rows)
  writeFileSync(join(folder, name), JSON.stringify(all))
}

function scanRow({ rows, megabytes, milliseconds, processorMilliseconds }: Scan): Row {
  const [middle, slow] = [percentile(milliseconds, 50), percentile(milliseconds, 99)]
  return {
    what: `${rows.toLocaleString('en')} x ${dimensions}, our scan, no server: pack, p50, p99 and processor time of a list`,
    value: `${megabytes.toFixed(0)} MB, ${middle.toFixed(1)}, ${slow.toFixed(1)} and ${processorMilliseconds.toFixed(1)} ms`,
  }
}

function rowsOf({ engine, rows, questions, ...loading }: Run): Row[] {
  const { writeSeconds, indexSeconds, processorSeconds, megabytes } = loading
  const spent = processorSeconds === null ? '' : ` (${processorSeconds.toFixed(0)} s of one processor)`
  const what = (name: string) => `${rows.toLocaleString('en')} x ${dimensions}, ${engine}: ${name}`
  return [
    {
      what: what('write, index, bytes'),
      value: `${writeSeconds.toFixed(0)} s, ${indexSeconds.toFixed(0)} s${spent}, ${megabytes.toFixed(0)} MB`,
    },
    ...questions.flatMap((asked): Row[] => {
      const { kind, isFiltered, clients, recall, milliseconds, processorMilliseconds, handlerMilliseconds } =
        asked
      const name = `${kind}${isFiltered ? ', filter of 5 %' : ''}, ${clients} at once`
      const [middle, slow] = [percentile(milliseconds, 50), percentile(milliseconds, 99)]
      const least = isFiltered ? 0.95 : 0.98
      const speed: Row = {
        what: what(name),
        value: `p50 ${middle.toFixed(1)} ms, p99 ${slow.toFixed(1)} ms, processor ${processorMilliseconds?.toFixed(1) ?? '?'} ms, recall@12 ${recall.toFixed(3)}`,
        target: `recall >= ${least}`,
        met: recall >= least,
      }
      if (handlerMilliseconds === null) return [speed]
      return [
        speed,
        {
          what: what(`${name}: what the handler adds, processor time`),
          value: `${handlerMilliseconds.toFixed(2)} ms`,
          target: '<= 1 ms',
          met: handlerMilliseconds <= 1,
        },
      ]
    }),
  ]
}

function notMeasured(runs: readonly Run[]): Row[] {
  const pglite = {
    what: 'PGlite with pgvector',
    value: 'not measured: it proves SQL and protocol, not speed',
  }
  if (runs.some(({ engine }) => engine === 'pgvector')) return [pglite]
  return [{ what: 'pgvector', value: 'not measured: PGVECTOR_URL names no server' }, pglite]
}

/** Times from request to response are those of a machine that does other things too; processor times are less so. */
function loadRow(): Row {
  const value = `${(loadavg()[2] as number).toFixed(1)} on ${cpus().length} processors`
  return { what: 'load average of the last 15 minutes', value }
}

/** What people read of the numbers: five times in place of hundreds, and four digits behind the point. */
function summary(value: unknown): unknown {
  const shorten = (name: string, part: unknown) => {
    if (typeof part === 'number') return Math.round(part * 1e4) / 1e4
    if (name !== 'milliseconds') return part
    const times = part as number[]
    return Object.fromEntries(
      [0, 50, 90, 99, 100].map((percent) => [`p${percent}`, percentile(times, percent)]),
    )
  }
  return JSON.parse(JSON.stringify(value, shorten))
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}

function versions() {
  const root = fileURLToPath(new URL('../../../node_modules/', import.meta.url))
  const versionOf = (name: string) =>
    (JSON.parse(readFileSync(`${root}${name}/package.json`, 'utf8')) as { version: string }).version
  return { '@lancedb/lancedb': versionOf('@lancedb/lancedb'), pg: versionOf('pg') }
}
