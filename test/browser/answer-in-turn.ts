/** What a worker of the benchmarks answers. */
export type Answer = { readonly value: unknown } | { readonly error: string }

/**
 * The life of a benchmark's worker: the first message sets it up, every later one is answered by what the setup
 * returned. A failure is an answer too, so that nobody waits for nothing.
 */
export function answerInTurn<S, Q>(setUp: (setup: S) => Promise<(question: Q) => Promise<unknown>>): void {
  let reply: ((question: Q) => Promise<unknown>) | undefined
  addEventListener('message', async ({ data }) => {
    let answer: Answer
    try {
      if (reply) answer = { value: await reply(data) }
      else {
        reply = await setUp(data)
        answer = { value: 'ready' }
      }
    } catch (error) {
      answer = { error: String(error) }
    }
    postMessage(answer)
  })
}
