import type * as Ort from 'onnxruntime-web'
import { SimilarItemsError } from '../../errors.js'
import { sha256 } from '../../sha256.js'
import type { BackendName, Progress } from '../../types.js'
import { download } from '../download.js'
import type { BackendCandidate } from '../open-encoder.js'
import { chooseRuntimeThreads } from './choose-threads.js'
import { gpuAnswer, whenLost } from './gpu-answer.js'
import { importScript } from './import-script.js'
import type { InferenceRuntime, OutputsOf } from './inference-runtime.js'
import { copyHint, type RuntimeFiles, wasmFiles, webGpuFiles } from './runtime-files.js'
import type { RuntimeOptions } from './runtime-options.js'

type Report = Parameters<BackendCandidate['load']>[0]

/**
 * ONNX Runtime on WASM, in its plain build: the WebGPU build is slower there, and larger.
 * @throws SimilarItemsError `runtime-unreachable`, naming the file.
 */
export async function loadWasm(options: RuntimeOptions, report: Report): Promise<InferenceRuntime> {
  const files = wasmFiles(options)
  const [ort, binary] = await loadParts(files, options, report)
  const threads = canThread(options) ? chooseRuntimeThreads(options) : 1
  configure(ort, files, binary, threads)
  const runtime = { backend: 'wasm', threads, createSession: createSession(ort, 'wasm') } as const
  return startingOnce(threads > 1 ? withOneThreadInReserve(runtime, files, binary) : runtime, files, options)
}

/** Phones may have no memory for threads (onnxruntime #11679): where no session starts with several, one is tried. */
function withOneThreadInReserve(
  several: InferenceRuntime,
  files: RuntimeFiles,
  binary: Uint8Array<ArrayBuffer>,
): InferenceRuntime {
  let reserve: InferenceRuntime | null = null
  const passedOver: string[] = []
  return {
    backend: 'wasm',
    passedOver,
    get threads() {
      return (reserve ?? several).threads
    },
    async createSession(model) {
      if (reserve) return reserve.createSession(model)
      try {
        return await several.createSession(model)
      } catch (cause) {
        passedOver.push(`wasm with ${several.threads} threads: ${String(cause)}. ${threadHint(files)}`)
        // What failed to start cannot be started again: a fragment makes the same file a second module.
        const ort = await importRuntime(new URL('#one-thread', files.script))
        configure(ort, files, binary, 1)
        reserve = { backend: 'wasm', threads: 1, createSession: createSession(ort, 'wasm') }
        return reserve.createSession(model)
      }
    },
  }
}

/** The build that computes on the GPU. Throws as `loadWasm`. */
export async function loadWebGpu(options: RuntimeOptions, report: Report): Promise<InferenceRuntime> {
  const files = webGpuFiles(options)
  const [ort, binary] = await loadParts(files, options, report)
  configure(ort, files, binary, 1)
  return { backend: 'webgpu', threads: 0, createSession: createSession(ort, 'webgpu') }
}

/**
 * ONNX Runtime's own script, unchanged and by its address, since bundlers that take it apart break it; the glue, which it
 * imports itself, for an error that names it; and its binary. All are over when this is.
 * @throws SimilarItemsError `runtime-unreachable`, naming the file.
 */
async function loadParts(
  files: RuntimeFiles,
  options: RuntimeOptions,
  report: Report,
): Promise<[typeof Ort, Uint8Array<ArrayBuffer>]> {
  const part = <T>(script: Promise<T>, { href }: URL) =>
    importScript(script, {
      what: `${href}, a script of ONNX Runtime,`,
      subject: href,
      hint: copyHint,
      onLost: options.onSpent,
      signal: report.signal,
    })
  const parts = [
    part(importRuntime(files.script), files.script),
    part(importRuntime(files.glue), files.glue),
    downloadBinary(files, options, report),
  ] as const
  await Promise.allSettled(parts)
  const [ort, , binary] = await Promise.all(parts)
  return [ort, binary]
}

function importRuntime({ href }: URL): Promise<typeof Ort> {
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ href)
}

/** Names ONNX Runtime where it does not start, which it does not try twice. */
function startingOnce(
  runtime: InferenceRuntime,
  { glue }: RuntimeFiles,
  { onSpent }: RuntimeOptions,
): InferenceRuntime {
  const { createSession } = runtime
  const named: InferenceRuntime['createSession'] = (model) =>
    createSession(model).catch((cause: unknown) => {
      if (!String(cause).includes('no available backend found')) throw cause
      onSpent()
      const message = `ONNX Runtime could not start from ${glue.href}: ${String(cause)}`
      throw new SimilarItemsError('runtime-unreachable', message, {
        cause,
        subject: glue.href,
        mayPass: true,
      })
    })
  return Object.create(runtime, { createSession: { value: named } }) as InferenceRuntime
}

/** What threads need besides a page that is cross-origin isolated. */
function threadHint({ glue }: RuntimeFiles): string {
  return `Threads need Cross-Origin-Embedder-Policy on ${glue.href} too.`
}

/** How long threads may take to start, in milliseconds. */
const threadTimeout = 15_000

function configure(
  ort: typeof Ort,
  { glue }: RuntimeFiles,
  binary: Uint8Array<ArrayBuffer>,
  threads: number,
): void {
  ort.env.logLevel = 'error'
  ort.env.wasm.numThreads = threads
  // Without it, waiting for a thread that does not start never ends.
  if (threads > 1) ort.env.wasm.initTimeout = threadTimeout
  ort.env.wasm.wasmPaths = { mjs: glue.href }
  // Handing the bytes over, instead of a path, gives progress, a clear error and blob workers (#27317).
  ort.env.wasm.wasmBinary = binary.buffer
}

async function downloadBinary(
  { binary, sha256: expected }: RuntimeFiles,
  { cacheName }: RuntimeOptions,
  { onProgress, signal }: Report,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = binary.href
  const { bytes } = await download(url, {
    errorCode: 'runtime-unreachable',
    cacheName,
    onProgress:
      onProgress && ((loaded, total) => onProgress({ phase: 'runtime', loaded, total } satisfies Progress)),
    signal,
    check: async (bytes) => {
      const [a, b, c, d] = bytes
      const isWasm = a === 0 && b === 0x61 && c === 0x73 && d === 0x6d
      if (isWasm && (!expected || (await sha256(bytes)) === expected)) return
      const what = isWasm ? 'the file of this version (SHA-256 differs)' : 'a WebAssembly file'
      throw new SimilarItemsError('runtime-unreachable', `${url} is not ${what}. ${copyHint}`, {
        subject: url,
      })
    },
  })
  return bytes
}

function createSession(ort: typeof Ort, backend: BackendName): InferenceRuntime['createSession'] {
  return async (model) => {
    const creating = ort.InferenceSession.create(model, {
      executionProviders: [backend],
      logSeverityLevel: 3,
    })
    const session = await (backend === 'webgpu' ? gpuAnswer(creating) : creating)
    const lost = backend === 'webgpu' ? whenLost(await ort.env.webgpu.device) : null
    return {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      async run({ input, data, shape }, outputs) {
        const tensor = new ort.Tensor('float32', data, shape)
        try {
          const running = session.run({ [input]: tensor }, outputs)
          // A run on a lost device may never end.
          const results = await (lost ? gpuAnswer(Promise.race([running, lost])) : running)
          const values = outputs.map((name) => takeValues(results[name] as Ort.Tensor))
          return (await Promise.all(values)) as OutputsOf<typeof outputs>
        } finally {
          tensor.dispose()
        }
      },
      close: () => session.release(),
    }
  }
}

/** The tensor's values; it is freed. */
async function takeValues(tensor: Ort.Tensor): Promise<Float32Array> {
  const values = Float32Array.from((await tensor.getData()) as Float32Array)
  tensor.dispose()
  return values
}

/** ONNX Runtime's threads start from its own script, which must then come from the page's origin. */
function canThread(options: RuntimeOptions): boolean {
  return globalThis.crossOriginIsolated && wasmFiles(options).glue.origin === globalThis.location.origin
}
