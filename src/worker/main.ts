import { expose } from 'comlink'
import { type ThreadTask, threadName } from '../encoder/tower/thread-task.js'
import { SearchWorker } from './search-worker.js'

// The same script is a thread of the kernel where it is started under its name.
if (self.name === threadName) {
  const help = async ({ data }: MessageEvent<ThreadTask>) =>
    (await import('../encoder/tower/open-tower.js')).help(data)
  // Whoever started the thread hears of an error that is reported.
  addEventListener('message', (event) => void help(event).catch(reportError), { once: true })
} else expose(new SearchWorker())
