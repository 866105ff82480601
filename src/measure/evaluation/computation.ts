/**
 * A computation that takes long, in pieces: between two of them whoever runs it may do something else. A computation
 * that waits for nothing keeps a process from hearing that it is to end.
 */
export type Computation<Result> = Generator<undefined, Result, undefined>

/** All pieces at once. */
export function complete<Result>(computation: Computation<Result>): Result {
  for (;;) {
    const { done, value } = computation.next()
    if (done) return value
  }
}

/** Milliseconds after which others have their turn. */
const turn = 50

/** All pieces, with pauses for whatever else goes on. Rejects with the signal's reason. */
export async function completeUnlessAborted<Result>(
  computation: Computation<Result>,
  signal: AbortSignal,
): Promise<Result> {
  let started = performance.now()
  for (;;) {
    signal.throwIfAborted()
    const { done, value } = computation.next()
    if (done) return value
    if (performance.now() - started < turn) continue
    await new Promise((resolve) => setTimeout(resolve))
    started = performance.now()
  }
}
