import { transfer } from 'comlink'
import type { StartThread } from '../../encoder/threads/thread-script.js'
import type { PageApi } from '../protocol.js'

/** What has the page start threads for this worker. */
export function threadsOfPage(page: PageApi): StartThread {
  let threads = 0
  return (script, port, failed) => {
    const thread = threads++
    // A page that cannot be asked is gone, and the worker with it.
    page.startThread(thread, script, transfer(port, [port])).then(failed, (error) => failed(String(error)))
    return () => void page.endThread(thread)
  }
}
