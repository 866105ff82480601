import { expose } from 'comlink'
import type { HeicRequest } from '../encoder/decode/heic/heic-thread.js'
import { runThread } from '../encoder/threads/run-thread.js'
import { threadNames } from '../encoder/threads/thread-script.js'
import type { ThreadTask } from '../encoder/tower/thread-task.js'
import { SearchWorker } from './search-worker.js'

// The same script is a thread where it is started under the name of one. Who started it hears of an error that is reported.
if (self.name === threadNames.kernel) {
  runThread<ThreadTask>(async (task, port) =>
    (await import('../encoder/tower/open-tower.js')).help(task, port),
  )
} else if (self.name === threadNames.heic) {
  runThread<HeicRequest>(async (request, port) =>
    (await import('../encoder/decode/heic/heic-thread.js')).decodeForPort(request, port),
  )
} else expose(new SearchWorker())
