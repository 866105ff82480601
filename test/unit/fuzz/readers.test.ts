import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadNeighbors } from '../../../src/catalog/load-neighbors.js'
import { recognizeFile } from '../../../src/encoder/decode/file-kind.js'
import { readImageHeader } from '../../../src/encoder/decode/image-header.js'
import { SimilarItemsError } from '../../../src/errors.js'
import {
  parseInteractions,
  queriesFromInteractions,
} from '../../../src/measure/evaluation/interaction-log.js'
import { parseJudgements } from '../../../src/measure/evaluation/labelled-relevance.js'
import { parseExperimentEvents } from '../../../src/measure/experiment/experiment-events.js'
import { readExperiment } from '../../../src/measure/experiment/read-experiment.js'
import { readFeed } from '../../../src/node/feed/read-feed.js'
import { readRecords } from '../../../src/node/files/read-records.js'
import { toFeedProducts } from '../../../src/node/indexing/feed-products.js'
import { encodeVectors } from '../../../src/vectors/encoded-vectors.js'
import { readPack, writePack } from '../../../src/vectors/pack.js'
import { readProjection, writeProjection } from '../../../src/vectors/projection.js'
import { parseSafetensors } from '../../../src/vectors/safetensors.js'
import { makeSpace } from '../../../src/vectors/space.js'
import { photoFolder, scratchFolder } from '../node/scratch.js'
import { changedFile } from './mutations.js'

const seconds = Number(process.env.FUZZ_SECONDS ?? 1)
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const folder = scratchFolder()

/** Reads a file, or refuses it with a `SimilarItemsError`. */
type Reader = (bytes: Uint8Array<ArrayBuffer>) => unknown

const inFile = (name: string, read: (path: string) => unknown): Reader => {
  const path = join(folder, name)
  return (bytes) => {
    writeFileSync(path, bytes)
    return read(path)
  }
}

const text = (content: string) => new Uint8Array(Buffer.from(content, 'utf8'))
const feeds = readdirSync(join(fixtures, 'feeds')).map(
  (name) => new Uint8Array(readFileSync(join(fixtures, 'feeds', name))),
)
const log = text(
  'list,query,item,position,clicked,experiment,variant,visitor,type,time,grade\n1,a,b,1,true,e,v,u,exposure,5,1\n1,a,c,2,0,e,v,u,click,6,0\n',
)
const lines = text(
  '{"query":"a","shown":[{"item":"b","position":1,"clicked":true}]}\n{"experiment":"e","variant":"v","visitor":"u","type":"exposure","queryId":"q","item":"a","shown":["b"],"time":5}\n',
)

const space = makeSpace({ model: 'a'.repeat(64), preprocessing: 'p', projection: null, dimensions: 4 })
const vectors = [Float32Array.of(1, 0, 0, 0), Float32Array.of(0, 0.6, 0.8, 0)]
const entries = ['1', '2'].map((id) => ({ id, contentKey: `/${id}.jpg` }))
const packs = (['int8', 'float32'] as const).map((format) =>
  writePack({ space, entries, vectors: encodeVectors(vectors, 4, format) }),
)
const projection = writeProjection(space, Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0), 'cut')
const pictures = readdirSync(photoFolder)
  .filter((name) => /\.(jpe?g|png|webp)$/.test(name))
  .slice(0, 2)
  .map((name) => new Uint8Array(readFileSync(join(photoFolder, name)).subarray(0, 2000)))
const madeHeaders = [
  'GIF89a\u0001\u0000\u0001\u0000',
  'RIFF\u0024\u0000\u0000\u0000WEBPVP8X\n\u0000\u0000\u0000\u0010\u0000\u0000\u0000\u0001\u0000\u0000\u0001\u0000\u0000',
  '\u0000\u0000\u0000\u0018ftypavif\u0000\u0000\u0000\u0000avifmif1\u0000\u0000\u0000\u0020meta\u0000\u0000\u0000\u0000',
  'BM\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0036\u0000\u0000\u0000\u0028\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0001\u0000\u0000\u0000',
].map((header) => new Uint8Array(Buffer.from(header, 'latin1')))

const readLog = async (path: string) => {
  const records = await readRecords(path, new AbortController().signal)
  const attempts = [
    () => queriesFromInteractions(parseInteractions(records, path)),
    () => parseJudgements(records, path),
    () => readExperiment(parseExperimentEvents(records, path)),
  ]
  for (const attempt of attempts) refusing(attempt)
}

/** Each of several readers may refuse. */
function refusing(attempt: () => unknown): void {
  try {
    attempt()
  } catch (error) {
    if (!(error instanceof SimilarItemsError)) throw error
  }
}

const readers: [name: string, seeds: readonly Uint8Array[], read: Reader][] = [
  [
    'feed',
    [...feeds, gzipSync(feeds[0] as Uint8Array)],
    inFile('feed', async (path) => {
      const { items } = await readFeed(path, { currency: 'EUR' })
      toFeedProducts(items, { location: path, images: [folder], omit: [] })
    }),
  ],
  ['log-csv', [log], inFile('log.csv', readLog)],
  ['log-jsonl', [lines], inFile('log.jsonl', readLog)],
  ['safetensors', packs, (bytes) => parseSafetensors(bytes, 'file')],
  ['pack', packs, (bytes) => readPack(bytes, 'pack')],
  ['projection', [projection], (bytes) => readProjection(bytes, 'projection')],
  [
    'neighbors',
    [text('{"1":[["2",0.9],["3",0.8]],"2":[]}')],
    (bytes) =>
      loadNeighbors('https://shop.test/{hash:1}.json', '1', { fetch: async () => new Response(bytes) }),
  ],
  [
    'image-header',
    [...pictures, ...madeHeaders],
    (bytes) => {
      recognizeFile(bytes)
      const header = readImageHeader(bytes)
      if (header === null) return
      expect(Number.isInteger(header.width) && header.width > 0).toBe(true)
      expect(Number.isInteger(header.height) && header.height > 0).toBe(true)
    },
  ],
]

test.each(readers)(
  '%s: broken files are read or refused',
  { timeout: (seconds + 60) * 1000 },
  async (name, seeds, read) => {
    const corpus = join(fixtures, 'corpus', name)
    let smallest: Uint8Array | null = null
    const assertGood = async (bytes: Uint8Array<ArrayBuffer>) => {
      try {
        await read(bytes)
      } catch (error) {
        if (error instanceof SimilarItemsError && !error.message.includes('undefined')) return
        if (smallest === null || bytes.length < smallest.length) smallest = bytes
        throw error
      }
    }
    const known = existsSync(corpus) ? readdirSync(corpus) : []
    for (const file of known) await assertGood(new Uint8Array(readFileSync(join(corpus, file))))
    let runs = 0
    const property = fc.asyncProperty(changedFile(seeds), async (bytes) => {
      runs++
      await assertGood(bytes)
    })
    await fc
      .assert(property, { numRuns: 10_000_000, interruptAfterTimeLimit: seconds * 1000 })
      .catch((error: unknown) => {
        if (smallest) keep(corpus, smallest)
        throw error
      })
    console.log(`${name}: ${runs} files in ${seconds} s`)
    expect(runs).toBeGreaterThan(0)
  },
)

function keep(corpus: string, bytes: Uint8Array): void {
  mkdirSync(corpus, { recursive: true })
  writeFileSync(join(corpus, createHash('sha256').update(bytes).digest('hex').slice(0, 16)), bytes)
}
