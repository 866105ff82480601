import { createInterface, type Interface } from 'node:readline'
import { abortable } from '../../../abortable.js'
import { SimilarItemsError } from '../../../errors.js'

/** One thing that a command wants to know. */
export interface Question<Answer> {
  readonly text: string
  /** What an empty line means; without it there has to be an answer. */
  readonly default: string | undefined
  /** The option that answers it without asking, for the message where nobody can be asked. */
  readonly option: string
  /** @throws SimilarItemsError `invalid-argument`, whose message is shown before the question is put again. */
  readonly read: (answer: string) => Answer | Promise<Answer>
}

/** Asks on a terminal, or a pipe, line by line. */
export class Questions {
  readonly #lines: Interface
  readonly #next: AsyncIterator<string>
  readonly #out: NodeJS.WritableStream
  readonly #signal: AbortSignal

  constructor(input: NodeJS.ReadableStream, out: NodeJS.WritableStream, signal: AbortSignal) {
    // Without an output: the terminal itself shows what is typed, and Ctrl-C stays a signal to the process.
    this.#lines = createInterface({ input })
    this.#next = this.#lines[Symbol.asyncIterator]()
    this.#out = out
    this.#signal = signal
  }

  /**
   * The answer to a question, which is put until it is one.
   * @throws SimilarItemsError `invalid-argument` where the input ends before; the signal's reason on abort.
   */
  async ask<Answer>({ text, default: standard, option, read }: Question<Answer>): Promise<Answer> {
    for (;;) {
      this.#out.write(standard === undefined ? `${text}: ` : `${text} [${standard}]: `)
      const { done, value } = await abortable(this.#next.next(), this.#signal)
      if (done) {
        this.#out.write('\n')
        throw new SimilarItemsError(
          'invalid-argument',
          `The input ended without an answer: give --${option}.`,
        )
      }
      const answer = value.trim() || standard
      if (answer === undefined) continue
      try {
        return await read(answer)
      } catch (error) {
        if (!(error instanceof SimilarItemsError) || error.code !== 'invalid-argument') throw error
        this.#out.write(`${error.message}\n`)
      }
    }
  }

  close(): void {
    this.#lines.close()
  }
}
