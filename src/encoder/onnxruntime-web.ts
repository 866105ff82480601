import type * as Ort from 'onnxruntime-web'
import { SimilarItemsError } from '../errors.js'
import { settleWithin } from '../settle-within.js'
import { sha256 } from '../sha256.js'
import type { BackendName, Progress } from '../types.js'
import { download } from './download.js'
import { importScript } from './import-script.js'
import type { InferenceRuntime, OutputsOf } from './inference-runtime.js'
import { modelFilesFor } from './model-files.js'
import type { ModelFolder } from './model-folder.js'
import type { BackendCandidate } from './open-encoder.js'
import { runtimeHashes } from './runtime-hashes.js'
import { openKernelRuntime } from './tower/kernel-runtime.js'

export interface RuntimeOptions {
  backend: 'auto' | BackendName
  /** Absolute URL of the folder with ONNX Runtime's `.wasm` and `.mjs` files; null means beside this script. */
  assets: string | null
  /** Wanted threads; 1 is used where the page is not cross-origin isolated. */
  threads: number | undefined
  cacheName: string | undefined
  /** Told when ONNX Runtime cannot be started in this thread any more: its scripts are tried once, and it starts once. */
  onSpent: () => void
  /** Told when the kernel has more threads, and, with the reason, when it has one from now on. */
  onThreads: (warning: string | null) => void
}

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
  const threads = canShare ? Math.min(mostKernelThreads, chooseThreads(options)) : 1
  return {
    backend: 'kernel',
    hasShaderF16: false,
    load: once(({ signal }) =>
      openKernelRuntime({ ...(signal && { signal }), threads, onThreads: options.onThreads }),
    ),
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

/** Each takes memory of its own and starts a worker. */
const mostKernelThreads = 8

type Report = Parameters<BackendCandidate['load']>[0]

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

/** The plain build: the WebGPU build is slower on WASM, and larger. */
async function loadWasm(options: RuntimeOptions, report: Report): Promise<InferenceRuntime> {
  const files = wasmFiles(options)
  const [ort, binary] = await loadParts(files, options, report)
  const threads = canThread(options) ? chooseThreads(options) : 1
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

async function loadWebGpu(options: RuntimeOptions, report: Report): Promise<InferenceRuntime> {
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

const copyHint =
  "Serve the package's files together: run `similar-items copy` and name their folder with setAssetsPath, or in the " +
  'attribute `assets`.'

/** How long threads may take to start, in milliseconds. */
const threadTimeout = 15_000

interface RuntimeFiles {
  readonly script: URL
  readonly glue: URL
  readonly binary: URL
  /** Of the binary, where it is known. */
  readonly sha256: string | undefined
}

// Bundlers copy what they find in exactly this form.
function wasmFiles({ assets }: RuntimeOptions): RuntimeFiles {
  if (assets !== null)
    return filesIn(assets, runtimeHashes?.wasm, 'ort.wasm.min.mjs', 'ort-wasm-simd-threaded')
  return {
    sha256: runtimeHashes?.wasm,
    script: new URL(/* @vite-ignore */ './ort.wasm.min.mjs', import.meta.url),
    glue: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.mjs', import.meta.url),
    binary: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.wasm', import.meta.url),
  }
}

function webGpuFiles({ assets }: RuntimeOptions): RuntimeFiles {
  if (assets !== null)
    return filesIn(assets, runtimeHashes?.jspi, 'ort.jspi.min.mjs', 'ort-wasm-simd-threaded.jspi')
  return {
    sha256: runtimeHashes?.jspi,
    script: new URL(/* @vite-ignore */ './ort.jspi.min.mjs', import.meta.url),
    glue: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.jspi.mjs', import.meta.url),
    binary: new URL(/* @vite-ignore */ './ort-wasm-simd-threaded.jspi.wasm', import.meta.url),
  }
}

function filesIn(folder: string, sha256: string | undefined, script: string, build: string): RuntimeFiles {
  return {
    sha256,
    script: new URL(script, folder),
    glue: new URL(`${build}.mjs`, folder),
    binary: new URL(`${build}.wasm`, folder),
  }
}

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

/** In seconds; browsers end work on the GPU that takes longer than some ten. */
const gpuLimit = 60

/** What the GPU computes; an error where it never ends. */
function gpuAnswer<T>(answer: Promise<T>): Promise<T> {
  return settleWithin(answer, gpuLimit, () => {
    const message = `The GPU did not answer within ${gpuLimit} seconds.`
    return new SimilarItemsError('no-backend', message, { mayPass: true })
  })
}

/** Rejects when the device is lost. */
function whenLost(device: GPUDevice): Promise<never> {
  const lost = device.lost.then(({ message }) => {
    throw new SimilarItemsError('no-backend', `The GPU was lost. ${message}`)
  })
  // Runs race against it; a device lost between them is noticed by the next.
  lost.catch(() => undefined)
  return lost
}

/** ONNX Runtime's threads start from its own script, which must then come from the page's origin. */
function canThread(options: RuntimeOptions): boolean {
  return globalThis.crossOriginIsolated && wasmFiles(options).glue.origin === globalThis.location.origin
}

/**
 * All of two cores, half of more, four at most: beyond that a model of this size gains nothing and the page
 * loses. Safari gets one, since more run out of memory there (onnxruntime #11679).
 */
function chooseThreads(options: RuntimeOptions): number {
  const cores = navigator.hardwareConcurrency || 1
  return options.threads ?? (isSafari() ? 1 : Math.min(4, Math.max(Math.min(cores, 2), Math.ceil(cores / 2))))
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

function isSafari(): boolean {
  const agent = navigator.userAgent
  return agent.includes('Safari/') && !/Chrome|Chromium|Android/.test(agent)
}
