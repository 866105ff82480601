import type { BackendName } from '../../types.js'

/** The little of ONNX Runtime that the encoder needs; every build of it can be put behind this. */
export interface InferenceRuntime {
  readonly backend: BackendName
  /** Threads that compute at present; 0 on WebGPU. */
  readonly threads: number
  /** Why it does not run as it was meant to, a sentence each; known once a session was created. */
  readonly passedOver?: readonly string[]
  createSession(model: Uint8Array): Promise<InferenceSession>
}

/** One output for each name. */
export type OutputsOf<Names extends readonly string[]> = { readonly [Index in keyof Names]: Float32Array }

/** A loaded model. Not re-entrant: one `run` at a time. */
export interface InferenceSession {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Feeds one float tensor and returns the float outputs named, in that order. */
  run<const Names extends readonly string[]>(
    feed: { input: string; data: Float32Array; shape: readonly number[] },
    outputs: Names,
  ): Promise<OutputsOf<Names>>
  close(): Promise<void>
}
