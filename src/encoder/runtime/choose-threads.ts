import type { RuntimeOptions } from './runtime-options.js'

/**
 * How many threads to compute with on an isolated page: all of two cores, half of more, four at most: beyond that a model
 * of this size gains nothing and the page loses. Safari gets one, since more run out of memory there (onnxruntime #11679).
 */
export function chooseThreads(options: Pick<RuntimeOptions, 'threads'>): number {
  const cores = navigator.hardwareConcurrency || 1
  return options.threads ?? (isSafari() ? 1 : Math.min(4, Math.max(Math.min(cores, 2), Math.ceil(cores / 2))))
}

/**
 * The same for threads that ONNX Runtime starts, in this worker. Firefox gets one, however many are wanted: on a busy machine
 * `new Worker` in a worker never returns there once in some fifty times (153), and with it the worker.
 */
export function chooseRuntimeThreads(options: Pick<RuntimeOptions, 'threads'>): number {
  return navigator.userAgent.includes('Firefox/') ? 1 : chooseThreads(options)
}

/** Whether this is Safari, whose tabs have no memory for what WebGPU and threads take. */
export function isSafari(): boolean {
  const agent = navigator.userAgent
  return agent.includes('Safari/') && !/Chrome|Chromium|Android/.test(agent)
}
