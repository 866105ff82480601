import { SimilarItemsError } from '../../errors.js'
import { parseSafetensors } from '../../vectors/safetensors.js'
import { importScript } from '../import-script.js'
import type { InferenceRuntime, InferenceSession, OutputsOf } from '../inference-runtime.js'
import type { VisionTower } from './vision-tower.js'

/**
 * The package's own kernel behind the seam of ONNX Runtime: it takes files of 7-bit weights.
 * @throws SimilarItemsError `no-backend` where the engine does not run it, `runtime-unreachable` where its script is
 * not there; the signal's reason on abort.
 */
export async function openKernelRuntime({
  signal,
}: {
  signal?: AbortSignal
} = {}): Promise<InferenceRuntime> {
  const openTower = await prepare(signal)
  return {
    backend: 'kernel',
    threads: 1,
    async createSession(bytes) {
      const own = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
      return towerSession(await openTower(parseSafetensors(own, 'The file of weights')))
    },
  }
}

async function prepare(signal: AbortSignal | undefined) {
  const { prepareTowers } = await importScript(import('./open-tower.js'), {
    what: 'The script of the kernel',
    hint: "Copy the package's dist folder as it is.",
    // Another backend takes over.
    onLost: () => undefined,
    signal,
  })
  try {
    return await prepareTowers()
  } catch (cause) {
    throw new SimilarItemsError(
      'no-backend',
      `This engine does not run the kernel, which needs WebAssembly with SIMD: ${String(cause)}`,
      { cause },
    )
  }
}

/** A vision tower as a session with the inputs and outputs that an export has. */
export function towerSession(tower: VisionTower): InferenceSession {
  const { imageSize } = tower.shape
  return {
    inputNames: ['pixel_values'],
    outputNames: ['last_hidden_state', 'pooler_output'],
    async run({ data, shape }, outputs) {
      if (shape.join() !== [1, 3, imageSize, imageSize].join()) {
        throw new SimilarItemsError(
          'model-invalid',
          `The weights are for pictures of ${imageSize} pixels; the folder's preprocessor_config.json asks for others.`,
        )
      }
      const { lastHiddenState, poolerOutput } = tower.run(data)
      const named: Record<string, Float32Array> = {
        last_hidden_state: lastHiddenState,
        pooler_output: poolerOutput,
      }
      return outputs.map((name) => named[name]) as OutputsOf<typeof outputs>
    },
    async close() {},
  }
}
