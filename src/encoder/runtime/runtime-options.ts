import type { BackendName } from '../../types.js'
import type { StartThread } from '../threads/thread-script.js'

/** What opens the backends of a browser. */
export interface RuntimeOptions {
  backend: 'auto' | BackendName
  /** Absolute URL of the folder with ONNX Runtime's `.wasm` and `.mjs` files; null means beside this script. */
  assets: string | null
  /** Wanted threads; 1 is used where the page is not cross-origin isolated. */
  threads: number | undefined
  cacheName: string | undefined
  /** Told when ONNX Runtime cannot be started in this thread any more: its scripts are tried once, and it starts once. */
  onSpent: () => void
  startThread: StartThread
  /** Told when the kernel has more threads, and, with the reason, when it has one from now on. */
  onThreads: (warning: string | null) => void
}
