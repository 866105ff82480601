/**
 * The life of a thread: it says that its script runs, is handed the port to whoever had it started, and does what that is
 * sent, once. An error ends it: it is reported.
 */
export function runThread<Task>(work: (task: Task, port: MessagePort) => Promise<unknown>): void {
  const take = ({ ports: [port] }: MessageEvent) => {
    if (!port) return
    port.onmessage = ({ data }: MessageEvent<Task>) => void work(data, port).catch(reportError)
  }
  addEventListener('message', take, { once: true })
  postMessage(null)
}
