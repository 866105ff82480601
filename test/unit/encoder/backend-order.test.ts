import { afterEach, expect, test, vi } from 'vitest'
import type { ModelFolder } from '../../../src/encoder/model/model-folder.js'
import { browserBackends } from '../../../src/encoder/runtime/browser-backends.js'
import type { RuntimeOptions } from '../../../src/encoder/runtime/runtime-options.js'
import type { StatedFile } from '../../../src/encoder/self-check.js'

afterEach(() => void vi.unstubAllGlobals())

const options: RuntimeOptions = {
  backend: 'auto',
  assets: null,
  threads: undefined,
  cacheName: undefined,
  onSpent: () => undefined,
  startThread: () => () => undefined,
  onThreads: () => undefined,
}

/** A browser with a GPU; counts how often its adapter is asked for. */
function browserWithGpu({ isFallbackAdapter = false, userAgent = 'Chrome/156' } = {}) {
  const requestAdapter = vi.fn(async () => ({
    info: { isFallbackAdapter },
    features: new Set(['shader-f16']),
  }))
  // Node 20 cannot wait for promises in WebAssembly, which WebGPU needs.
  vi.stubGlobal('WebAssembly', Object.assign(Object.create(WebAssembly), { Suspending: class {} }))
  vi.stubGlobal('navigator', { gpu: { requestAdapter }, userAgent, hardwareConcurrency: 2 })
  return requestAdapter
}

function folderWith(files: Record<string, StatedFile>): ModelFolder {
  const url = 'https://shop.example/model/'
  return {
    url,
    fileUrl: (name) => url + name,
    selfCheck: {
      pictures: [],
      minCosine: { int7: 1, int8: 1, fp16: 1, fp32: 1 },
      files: new Map(Object.entries(files)),
      model: '',
    },
    space: null,
    preprocessing: { width: 224, height: 224 } as ModelFolder['preprocessing'],
  }
}

const weights = (bytes: number) =>
  folderWith({ 'vision_model_int7.safetensors': { sha256: '', bytes, compute: 'int7' } })

async function order(folder: ModelFolder, backend: RuntimeOptions['backend'] = 'auto') {
  const names: string[] = []
  for await (const candidate of browserBackends(folder, { ...options, backend }))
    names.push(candidate.backend)
  return names
}

test('light weights go to the kernel, and no GPU is asked for before it was passed over', async () => {
  const requestAdapter = browserWithGpu()
  const backends = browserBackends(weights(6_200_000), options)
  expect((await backends.next()).value?.backend).toBe('kernel')
  expect(requestAdapter).not.toHaveBeenCalled()
  expect((await backends.next()).value).toMatchObject({ backend: 'webgpu', hasShaderF16: true })
  expect(requestAdapter).toHaveBeenCalledOnce()
  expect((await backends.next()).value?.backend).toBe('wasm')
})

test('heavy weights, and folders without weights for the kernel, go to the GPU first', async () => {
  browserWithGpu()
  expect(await order(weights(22_000_000))).toEqual(['webgpu', 'kernel', 'wasm'])
  expect(await order(folderWith({}))).toEqual(['webgpu', 'kernel', 'wasm'])
})

test('a GPU in software and that of Safari are used only where they are asked for', async () => {
  browserWithGpu({ isFallbackAdapter: true })
  expect(await order(weights(22_000_000))).toEqual(['kernel', 'wasm'])
  expect(await order(weights(6_200_000), 'webgpu')).toEqual(['webgpu', 'kernel', 'wasm'])
  browserWithGpu({
    userAgent:
      'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  })
  expect(await order(weights(22_000_000))).toEqual(['kernel', 'wasm'])
})

test('a backend that was chosen comes first, and WebGPU not at all where another was', async () => {
  const requestAdapter = browserWithGpu()
  expect(await order(weights(6_200_000), 'kernel')).toEqual(['kernel', 'wasm'])
  expect(await order(weights(6_200_000), 'wasm')).toEqual(['wasm'])
  expect(requestAdapter).not.toHaveBeenCalled()
})
