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

parentPort?.on('message', async (request: EncodeRequest) => {
  try {
    reply(await answer(request, await encoder))
  } catch (error) {
    reply({ type: 'failed', request: request.request, ...describe(error) })
  }
})

async function answer(asked: EncodeRequest, encoder: NodeEncoder): Promise<EncodeReply> {
  const { request } = asked
  if (asked.type === 'time') return { type: 'timed', request, milliseconds: await encoder.time() }
  const { vector } = await encoder.encode(asked.file, asked.name)
  return { type: 'encoded', request, vector }
}

function reply(message: EncodeReply): void {
  parentPort?.postMessage(message)
}

/** An error as data: its code would be lost between threads. */
function describe(error: unknown) {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof SimilarItemsError)) return { code: 'no-backend', message, subject: null } as const
  return { code: error.code, message, subject: error.subject ?? null }
}
