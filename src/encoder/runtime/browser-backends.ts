import { settleWithin } from '../../settle-within.js'
import { modelFilesFor } from '../model/model-files.js'
import type { ModelFolder } from '../model/model-folder.js'
import type { BackendCandidate } from '../open-encoder.js'
import { openKernelRuntime } from '../tower/kernel-runtime.js'
import { chooseThreads, isSafari } from './choose-threads.js'
import type { InferenceRuntime } from './inference-runtime.js'
import { loadWasm, loadWebGpu } from './onnxruntime-web.js'
import type { RuntimeOptions } from './runtime-options.js'

/** Each takes memory of its own and starts a worker. */
const mostKernelThreads = 8

/**
 * The backends of this browser for a model folder, best first, each found out about when those before it were passed over;
 * ONNX Runtime's WASM is always last. Left to itself (`auto`), the package's own kernel comes first where it has light
 * weights, then WebGPU where a hardware adapter answers and the browser is not Safari, whose WebGPU loses the tab after
 * some hundreds of runs (onnxruntime #27584). WebGPU needs WebAssembly that can wait for promises (JSPI: Chromium 137,
 * Firefox 153).
 */
export async function* browserBackends(
  folder: ModelFolder,
  options: RuntimeOptions,
): AsyncGenerator<BackendCandidate, void, undefined> {
  const { backend } = options
  const kernelFirst = backend === 'kernel' || (backend === 'auto' && hasLightKernel(folder))
  if (kernelFirst) yield kernelBackend(options)
  if (backend === 'auto' || backend === 'webgpu') {
    const webGpu = await webGpuBackend(options)
    if (webGpu) yield webGpu
  }
  if (!kernelFirst && backend !== 'wasm') yield kernelBackend(options)
  yield { backend: 'wasm', hasShaderF16: false, load: once((report) => loadWasm(options, report)) }
}

/**
 * Whether the kernel is the faster way to the vectors of a visit. With the package's weights (6.2 MB) an H100 is 7 times
 * later with its first vector and ahead only after a hundred pictures (`npm run bench -- webgpu`): what WebGPU takes is its
 * start. The kernel's time grows with the weights, so that a ViT-S (22 MB) makes up for that after a few pictures.
 */
function hasLightKernel(folder: ModelFolder): boolean {
  const [file] = modelFilesFor(folder, 'kernel', 'auto', false)
  return file?.bytes !== undefined && file.bytes <= 12_000_000
}

function kernelBackend(options: RuntimeOptions): BackendCandidate {
  // WebKitGTK has pages that are isolated and share no memory all the same.
  const canShare = globalThis.crossOriginIsolated && 'SharedArrayBuffer' in globalThis
  const count = canShare ? Math.min(mostKernelThreads, chooseThreads(options)) : 1
  return {
    backend: 'kernel',
    hasShaderF16: false,
    load: once(({ signal }) => {
      const { startThread, onThreads } = options
      return openKernelRuntime({ ...(signal && { signal }), threads: { count, startThread, onThreads } })
    }),
  }
}

/** A software adapter only where WebGPU was asked for. */
async function webGpuBackend(options: RuntimeOptions): Promise<BackendCandidate | null> {
  const adapter = await requestAdapter()
  const isTrusted = adapter && !adapter.info.isFallbackAdapter && !isSafari()
  if (!adapter || !(options.backend === 'webgpu' || isTrusted)) return null
  return {
    backend: 'webgpu',
    hasShaderF16: adapter.features.has('shader-f16'),
    load: once((report) => loadWebGpu(options, report)),
  }
}

/** Several weights may be tried on one runtime; a failed load may be tried again. */
function once(load: BackendCandidate['load']): BackendCandidate['load'] {
  let loaded: Promise<InferenceRuntime> | null = null
  return (report) => {
    loaded ??= load(report).catch((error: unknown) => {
      loaded = null
      throw error
    })
    return loaded
  }
}

/** In seconds: a browser whose GPU process hangs does not answer. */
const adapterLimit = 5

/** The adapter that ONNX Runtime would use; null also where its WebAssembly cannot wait for the GPU. */
async function requestAdapter(): Promise<GPUAdapter | null> {
  if (!('Suspending' in WebAssembly)) return null
  const asked = globalThis.navigator?.gpu?.requestAdapter()
  if (!asked) return null
  return settleWithin(asked, adapterLimit, () => new Error('no answer')).catch(() => null)
}
