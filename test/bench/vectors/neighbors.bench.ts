import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { test } from '@playwright/test'
import { publish, type Row } from '../results-file.js'
import { median } from '../statistics.js'
import { writeCatalogueFolder } from './catalogue-folder.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const dimensions = 128
/** `NEIGHBORS_ROWS=10000,20000` measures these instead. */
const sizes = (process.env.NEIGHBORS_ROWS ?? '100000,1000000').split(',').map(Number)
const sampledFiles = 500

interface Run {
  readonly rows: number
  readonly search: string
  readonly recall: number
  readonly seconds: number
  readonly processorSeconds: number
  readonly peakMegabytes: number
  readonly packMegabytes: number
  readonly files: number
  readonly shardMegabytes: number
  /** Of one file, which is what a product page loads. */
  readonly pageKilobytes: number
  readonly pageKilobytesGzip: number
}

test('neighbour files of large catalogues', async () => {
  test.setTimeout(2 * 3_600_000)
  const runs: Run[] = []
  for (const rows of sizes) runs.push(await measure(rows))
  const lines = runs.flatMap((run): Row[] => {
    const what = (name: string) =>
      `${run.rows.toLocaleString('en')} x ${dimensions} int8, ${run.search}: ${name}`
    return [
      {
        what: what('time'),
        value: `${run.seconds.toFixed(0)} s (${run.processorSeconds.toFixed(0)} s of processors)`,
      },
      { what: what('peak memory'), value: `${run.peakMegabytes.toFixed(0)} MB` },
      { what: what('recall'), value: run.recall.toFixed(4), target: '>= 0.95', met: run.recall >= 0.95 },
      { what: what('pack'), value: `${run.packMegabytes.toFixed(1)} MB` },
      { what: what('files'), value: `${run.files}, ${run.shardMegabytes.toFixed(0)} MB` },
      {
        what: what('bytes of a product page'),
        value: `${run.pageKilobytes.toFixed(1)} kB, ${run.pageKilobytesGzip.toFixed(1)} kB with gzip`,
        target: '<= 10 kB with gzip',
        met: run.pageKilobytesGzip <= 10,
      },
    ]
  })
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/usearch/package.json'), 'utf8'))
  publish('neighbors', lines, { usearch: version, runs }, 'none')
})

/** Runs the command in a process of its own, from reading the folder to the last file. */
async function measure(rows: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  try {
    const packBytes = writeCatalogueFolder(join(folder, 'catalogue'), rows, dimensions)
    const out = join(folder, 'neighbors')
    const started = performance.now()
    const { stdout, processorSeconds, peakMegabytes } = await runCommand([
      'neighbors',
      join(folder, 'catalogue'),
      '--out',
      out,
    ])
    const seconds = (performance.now() - started) / 1000
    const [, search = '', recall] = /search (\w+), recall ([\d.]+)/.exec(stdout) ?? []
    const names = readdirSync(out)
    const step = Math.max(1, Math.floor(names.length / sampledFiles))
    const sample = names.filter((_, index) => index % step === 0).map((name) => readFileSync(join(out, name)))
    const pageKilobytes = median(sample.map(({ length }) => length)) / 1000
    return {
      rows,
      search,
      recall: Number(recall),
      seconds,
      processorSeconds,
      peakMegabytes,
      packMegabytes: packBytes / 1e6,
      files: names.length,
      shardMegabytes:
        (sample.reduce((sum, { length }) => sum + length, 0) / sample.length) * (names.length / 1e6),
      pageKilobytes,
      pageKilobytesGzip: median(sample.map((file) => gzipSync(file).length)) / 1000,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Tells at the end of a process what it took. */
const usageReport = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  console.log('usage ' + JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024]))
})`

async function runCommand(argv: readonly string[]) {
  const preload = `data:text/javascript,${encodeURIComponent(usageReport)}`
  const child = spawn(process.execPath, ['--import', preload, join(root, 'dist/node/cli.js'), ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  const usage = /^usage (.*)$/m.exec(stdout)?.[1]
  if (code !== 0 || !usage) throw new Error(`neighbors ended with ${code}`)
  const [processorSeconds, peakMegabytes] = JSON.parse(usage) as [number, number]
  return { stdout, processorSeconds, peakMegabytes }
}
