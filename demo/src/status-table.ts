import type { EngineStatus } from '../../src/types.js'
import { create } from './dom.js'
import { formatBytes, formatCount, formatDuration } from './format.js'

/** What is unknown or nothing is empty. */
export type Row = readonly [step: string, what: string, bytes: string, time: string]

/** The engine's own account of its work as a table, and below it whatever it wants the shop to know. */
export function engineTable(status: EngineStatus, firstResults: number | null): HTMLElement {
  const remarks = [
    ...status.rejectedBackends,
    ...status.warnings,
    ...status.skipped.map(({ id, reason }) => `${id} was left out: ${reason}`),
  ]
  return create(
    'div',
    {},
    stepsTable([...steps(status), totalRow(firstResults)]),
    remarks.length > 0 &&
      create('ul', { class: 'panel-remarks' }, ...remarks.map((text) => create('li', {}, text))),
  )
}

/** A table of steps; those that are null have not happened. */
export function stepsTable(rows: readonly (Row | null)[]): HTMLElement {
  const happened = rows.filter((row) => row !== null)
  return create(
    'table',
    {},
    create('thead', {}, line('th', 'col', ['Step', 'What happened', 'Bytes', 'Time'])),
    create('tbody', {}, ...happened.map((row) => line('td', 'row', row))),
  )
}

/** What a shopper waited for. @param firstResults milliseconds; null while there is no list. */
export function totalRow(firstResults: number | null): Row | null {
  return firstResults === null
    ? null
    : ['This page', 'opened until the first similar product', '', time(firstResults)]
}

function steps({ vectors, bytes, timings, ...status }: EngineStatus): Row[] {
  const loaded = status.encoder !== 'idle'
  const storage = status.storage === 'indexeddb' ? 'IndexedDB' : 'memory only: nothing survives this page'
  return [
    ['Catalogue', formatCount(status.products, 'product'), size(bytes.catalog), time(timings.openCatalog)],
    ['Storage', `${formatCount(vectors.stored, 'vector')} read, ${storage}`, '', time(timings.openStore)],
    ['Backend', loaded ? backend(status) : 'not needed', size(bytes.runtime), time(timings.openEncoder)],
    ['Model', loaded ? modelName(status.modelFile) : 'not needed', modelSize(bytes), ''],
    ['Pictures', `${vectors.encoded} encoded`, size(bytes.images), ''],
    ...(vectors.encoded > 0 ? [eachPicture(timings)] : []),
  ]
}

function eachPicture({ decode, resize, inference }: EngineStatus['timings']): Row {
  const parts = `median: decode ${time(decode)}, resize ${time(resize)}, inference ${time(inference)}`
  return ['Each picture', parts, '', time(decode + resize + inference)]
}

function backend({
  backend,
  threads,
  encoder,
}: Pick<EngineStatus, 'backend' | 'threads' | 'encoder'>): string {
  if (backend === 'webgpu') return 'WebGPU'
  if (backend === 'kernel') return 'the kernel of the package'
  if (backend === 'wasm') return `ONNX Runtime on WebAssembly, ${formatCount(threads, 'thread')}`
  return encoder
}

const size = (bytes: number) => (bytes > 0 ? formatBytes(bytes) : '')
const time = (milliseconds: number) => (milliseconds > 0 ? formatDuration(milliseconds) : '')
const modelName = (file: string | null) => file?.split('/').slice(-3).join('/') ?? 'not chosen yet'

function modelSize({ model, modelFromCache }: EngineStatus['bytes']): string {
  return model > 0 ? `${formatBytes(model)}${modelFromCache ? ' from cache' : ''}` : ''
}

/** The first cell of a row names it. */
function line(cell: 'th' | 'td', scope: 'col' | 'row', texts: readonly string[]): HTMLElement {
  const cells = texts.map((text, column) =>
    column === 0 || cell === 'th' ? create('th', { scope }, text) : create('td', {}, text),
  )
  return create('tr', {}, ...cells)
}
