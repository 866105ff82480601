import { posix } from 'node:path'
import type { SourceModule } from './source-module.js'

/** What one room may import, besides its own files. */
interface Room {
  readonly rooms: readonly string[]
  /** Single files of further rooms. */
  readonly files?: readonly string[]
  /** The only file of this room that others may import. */
  readonly door?: string
  readonly packages?: readonly string[]
  /** Runs in Node as it is: mentions neither the document nor IndexedDB. */
  readonly pure?: boolean
}

/** Single files of `src` that every room may import; they import only each other. */
const words = 'words'
const parts = ['encoder', 'catalog', 'ranking', 'store', 'vectors', 'network', words]
const nodePackages = [
  '@huggingface/tokenizers',
  'onnxruntime-node',
  'sharp',
  'usearch',
  'entities',
  'saxes',
  'csv-parse',
  'ml-matrix',
  'p-map',
  'p-retry',
  'protobufjs',
]

/** What a page needs of `measure`; its statistics are for those who read the experiment afterwards. */
const experimentFiles = ['measure/experiment/assign-variant.ts', 'measure/experiment/experiment-events.ts']

/** The house: imports run downwards, from the first room to the last. */
const house: Readonly<Record<string, Room>> = {
  'define.ts': { rooms: ['index.ts', 'element', 'engine', words] },
  'index.ts': { rooms: ['element', 'engine', 'worker', ...parts], files: experimentFiles },
  'react.ts': { rooms: ['define.ts', 'element', words], packages: ['react'] },
  instantsearch: { rooms: ['engine', words] },
  element: { rooms: ['engine', ...parts], files: experimentFiles },
  engine: { rooms: ['worker', ...parts], packages: ['comlink'] },
  // It lives in another thread: a page that imported more of it would load the code twice.
  worker: { rooms: parts, packages: ['comlink'], door: 'worker/protocol.ts' },
  node: { rooms: [...parts, 'engines', 'measure', 'tune'], packages: nodePackages },
  // What a server runs, in any Fetch runtime.
  engines: { rooms: ['catalog', 'ranking', 'vectors', words], pure: true },
  tune: { rooms: ['measure', 'vectors', words], pure: true },
  measure: { rooms: ['vectors', words], pure: true },
  encoder: { rooms: ['vectors', 'network', words], packages: ['onnxruntime-web'], pure: true },
  catalog: { rooms: ['vectors', 'network', words], pure: true },
  ranking: { rooms: ['vectors', words], pure: true },
  store: { rooms: ['vectors', words], packages: ['idb'] },
  vectors: { rooms: [words], pure: true },
  network: { rooms: [words], pure: true },
  [words]: { rooms: [], pure: true },
}

const browserOnly = ['document', 'window', 'indexedDB']
const emptyName = /util|helper|manager|misc/i

/** Everything in which these modules break the rules of the house, one sentence each. */
export function violations(modules: readonly SourceModule[]): string[] {
  return [...modules.flatMap(violationsOf), ...cycles(modules)]
}

function violationsOf(module: SourceModule): string[] {
  const name = roomOf(module.path)
  const room = house[name]
  if (room === undefined) return [`${module.path} is in no room of the house`]
  const found: string[] = []
  if (emptyName.test(module.path)) found.push(`${module.path} has a name that says nothing`)
  for (const { specifier } of module.imports) {
    if (isRelative(specifier)) {
      const file = resolve(module.path, specifier)
      const target = roomOf(file)
      if (target === name) continue
      const { door = file } = house[target] ?? {}
      if (room.rooms.includes(target) && file === door) continue
      if (room.files?.includes(file)) continue
      found.push(`${module.path} imports ${specifier}: ${name} may not import ${file}`)
    } else if (!room.packages?.includes(specifier) && !(name === 'node' && specifier.startsWith('node:'))) {
      found.push(`${module.path} imports ${specifier}: ${name} may not import this package`)
    }
  }
  if (!room.pure) return found
  const mentioned = browserOnly.filter((identifier) => module.identifiers.has(identifier))
  return [...found, ...mentioned.map((identifier) => `${module.path} mentions ${identifier}`)]
}

/** Modules that import themselves by way of others; imports of types alone do not count. */
function cycles(modules: readonly SourceModule[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const finished = new Set<string>()
  const found: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push(`cycle: ${[...trail.slice(start), path].join(' -> ')}`)
    if (start >= 0 || finished.has(path)) return
    for (const { specifier, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (isRelative(specifier) && !typeOnly) walk(resolve(path, specifier), [...trail, path])
    }
    finished.add(path)
  }
  for (const { path } of modules) walk(path, [])
  return found
}

function roomOf(path: string): string {
  const [first = '', ...rest] = path.split('/')
  return rest.length > 0 || first in house ? first : words
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}

/** Path below `src` of the TypeScript file that an import means. */
function resolve(importer: string, specifier: string): string {
  return posix.join(posix.dirname(importer), specifier.replace(/\?.*$/, '').replace(/\.js$/, '.ts'))
}
