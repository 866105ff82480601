import { outside, type Section } from './verbatim-sections.js'

const nameCharacter = String.raw`[\p{L}\p{M}\p{N}_:.\-·]`
/** Longer than any name. */
const mostLetters = 256
/** What has the form of a reference is left to whoever knows the names. */
const bareAmpersand = new RegExp(`&(?!#?${nameCharacter}{1,${mostLetters}};)`, 'gu')
const begunReference = new RegExp(`&#?${nameCharacter}{0,${mostLetters}}$`, 'u')
const longestMark = '<![CDATA['.length

/**
 * XML in which every `&` begins what has the form of a reference: what stands alone, as in `Tom & Jerry` or `?a=1&b=2`,
 * becomes `&amp;`. In CDATA, comments, processing instructions and the DOCTYPE an `&` is itself.
 * @param onFound is called at each.
 */
export async function* escapeAmpersands(
  text: AsyncIterable<string>,
  onFound: () => void,
): AsyncGenerator<string> {
  /** The sections that are open, the innermost last. */
  const open: Section[] = [outside]
  const escaped = (part: string) => {
    if (open.length > 1) return part
    return part.replace(bareAmpersand, () => {
      onFound()
      return '&amp;'
    })
  }
  let held = ''
  for await (const piece of text) {
    const whole = held + piece
    let done = ''
    let at = 0
    for (;;) {
      const { marks, inner } = open.at(-1) as Section
      marks.lastIndex = at
      const found = marks.exec(whole)
      if (!found) break
      const [mark] = found
      done += escaped(whole.slice(at, found.index)) + mark
      at = found.index + mark.length
      const begun = inner.get(mark)
      if (begun) open.push(begun)
      else open.pop()
    }
    const rest = whole.slice(at)
    held = unfinished(rest, open.at(-1) as Section)
    yield done + escaped(rest.slice(0, rest.length - held.length))
  }
  yield escaped(held)
}

/** What more text may make a mark or a reference of, at the end of a text. */
function unfinished(text: string, { begunMarks }: Section): string {
  for (let length = Math.min(longestMark - 1, text.length); length > 0; length--) {
    const end = text.slice(-length)
    if (begunMarks.has(end)) return end
  }
  return begunReference.exec(text)?.[0] ?? ''
}
