import type { BackendCandidate } from '../../encoder/open-encoder.js'
import { openKernelRuntime } from '../../encoder/tower/kernel-runtime.js'
import { isSimilarItemsError } from '../../errors.js'
import { loadOptional } from '../optional-package.js'
import { openRuntime } from './node-runtime.js'

export type NodeBackend = 'auto' | 'kernel' | 'wasm'

/** The backends that a model may be opened on in Node, best first; onnxruntime-node is the last where it is missing. */
export async function nodeBackends(wanted: NodeBackend, threads: number): Promise<BackendCandidate[]> {
  const onnxruntime = { backend: 'wasm', hasShaderF16: false, load: () => openRuntime(threads) } as const
  const kernel = { backend: 'kernel', hasShaderF16: false, load: openKernelRuntime } as const
  if (wanted === 'wasm') return [onnxruntime]
  if (wanted === 'kernel') return [kernel]
  return (await isInstalled()) ? [onnxruntime, kernel] : [kernel, onnxruntime]
}

async function isInstalled(): Promise<boolean> {
  try {
    await loadOptional('onnxruntime-node')
    return true
  } catch (error) {
    if (isSimilarItemsError(error, 'package-missing')) return false
    throw error
  }
}
