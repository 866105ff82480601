import type { EngineLease } from '../../src/engine/shared-engine.js'
import type { SimilarityEngine } from '../../src/index.js'
import type { EngineStatus } from '../../src/types.js'
import type { Account } from './account.js'
import { formatCount } from './format.js'
import { engineTable } from './status-table.js'

/** The account of an engine in this page; `close` gives the share in it back. */
export function engineAccount(lease: Promise<EngineLease>): Account {
  const opening = lease.then((held) => held.engine)
  let engine: SimilarityEngine | null = null
  return {
    hint: HINT,
    opening,
    onChange(listener) {
      opening.then(
        (opened) => {
          engine = opened
          engine.addEventListener('status', listener)
          listener()
        },
        () => undefined, // `opening` says so.
      )
    },
    begin() {},
    origin: () => (engine ? origin(engine.status) : ''),
    steps: (firstResults) => engine && engineTable(engine.status, firstResults),
    forget: async () => (await opening).clear(),
    close() {
      lease.then(
        (held) => held.release(),
        () => undefined, // The panel has said so.
      )
    },
  }
}

const HINT =
  'Measured in this browser since the page was loaded. After a reload the vectors come from storage: neither ONNX Runtime nor the model is loaded, and no picture is encoded.'

/** Where the vectors behind a list came from. */
function origin({ vectors: { stored, encoded } }: EngineStatus): string {
  if (encoded === 0) return 'from stored vectors; no model was loaded'
  return `${formatCount(encoded, 'picture')} encoded in this browser${stored > 0 ? `, ${stored} known before` : ''}`
}
