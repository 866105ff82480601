/** What threads are for, by the name under which each runs the worker's own script: that is there for certain. */
export const threadNames = { kernel: 'similar-items-kernel', heic: 'similar-items-heic' } as const
export type ThreadName = (typeof threadNames)[keyof typeof threadNames]

/** What a thread is started from; plain data. */
export interface ThreadScript {
  readonly name: ThreadName
  /** Absolute URL of the worker's script. */
  readonly url: string
  /** What it may be: bundlers make classic scripts of modules. The next is tried where one does not run. */
  readonly types: readonly WorkerType[]
}

/**
 * Starts a thread, and hands it the port when its script runs. The page does it: in Firefox 153 a worker that starts
 * another one now and then never returns from that.
 * @param failed told once, why the thread does not start or has failed.
 * @returns what ends the thread.
 */
export type StartThread = (
  script: ThreadScript,
  port: MessagePort,
  failed: (why: string) => void,
) => () => void
