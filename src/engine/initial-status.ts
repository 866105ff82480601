import type { EngineStatus } from '../types.js'

/** The status before the worker has said anything. */
export const initialStatus: EngineStatus = {
  encoder: 'idle',
  backend: null,
  threads: 0,
  modelFile: null,
  rejectedBackends: [],
  space: null,
  products: 0,
  vectors: { stored: 0, encoded: 0 },
  skipped: [],
  storage: 'memory',
  warnings: [],
  bytes: { catalog: 0, pack: 0, runtime: 0, model: 0, images: 0, modelFromCache: false },
  timings: { openCatalog: 0, openStore: 0, openEncoder: 0, decode: 0, resize: 0, inference: 0 },
}
