/**
 * The lines of a text that comes in pieces. They end at line feeds alone: `node:readline` also ends them at U+2028,
 * which JSON has inside of strings.
 */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const piece of text) {
    const [head = '', ...lines] = piece.split('\n')
    held += head
    for (const line of lines) {
      yield held
      held = line
    }
  }
  yield held
}

/** The beginning of a text that comes in pieces: as many of them as it takes for so many characters. */
export async function startOf(text: AsyncIterator<string>, length: number): Promise<string> {
  let start = ''
  while (start.length < length) {
    const { done, value } = await text.next()
    if (done) break
    start += value
  }
  return start
}
