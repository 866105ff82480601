import { parentPort, workerData } from 'node:worker_threads'
import { SimilarItemsError } from '../../errors.js'
import type { EncodeReply, EncodeRequest } from './encode-message.js'
import { NodeEncoder, type NodeEncoderOptions } from './node-encoder.js'

/** One encoder in a thread of its own; `EncoderPool` is the other side. */
const encoder = NodeEncoder.open(workerData as NodeEncoderOptions)

encoder.then(
  ({ space, modelFile }) => reply({ type: 'opened', space, modelFile }),
  (error: unknown) => reply({ type: 'failed', request: null, ...describe(error) }),
)

parentPort?.on('message', async ({ request, file, name }: EncodeRequest) => {
  try {
    const { vector } = await (await encoder).encode(file, name)
    reply({ type: 'encoded', request, vector })
  } catch (error) {
    reply({ type: 'failed', request, ...describe(error) })
  }
})

function reply(message: EncodeReply): void {
  parentPort?.postMessage(message)
}

/** An error as data: its code would be lost between threads. */
function describe(error: unknown) {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof SimilarItemsError)) return { code: 'no-backend', message, subject: null } as const
  return { code: error.code, message, subject: error.subject ?? null }
}
