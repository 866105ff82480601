/** What stands at a place where a text may be cut: the begin of a reference, or of the marks of CDATA. */
const unfinished = /(?:&#?\w{0,31}|<(?:!(?:\[(?:C(?:D(?:A(?:T(?:A)?)?)?)?)?)?)?|\]{1,2})$/
/** A reference to a character is none of these. */
const bareAmpersand = /&(?!#?\w{1,31};)/g

/**
 * XML in which every `&` begins a reference: what stands alone, as in `Tom & Jerry` or `?a=1&b=2`, becomes `&amp;`. In
 * CDATA an `&` is itself.
 * @param onFound is called at the first one.
 */
export async function* escapeAmpersands(
  text: AsyncIterable<string>,
  onFound: () => void,
): AsyncGenerator<string> {
  let isCdata = false
  let isFound = false
  const escaped = (part: string) =>
    part.replace(bareAmpersand, () => {
      if (!isFound) onFound()
      isFound = true
      return '&amp;'
    })
  const escapePart = (piece: string) => {
    return piece
      .split(/(<!\[CDATA\[|\]\]>)/)
      .map((part) => {
        if (part === '<![CDATA[') isCdata = true
        else if (part === ']]>') isCdata = false
        else if (!isCdata) return escaped(part)
        return part
      })
      .join('')
  }
  let held = ''
  for await (const piece of text) {
    const whole = held + piece
    held = unfinished.exec(whole)?.[0] ?? ''
    yield escapePart(held === '' ? whole : whole.slice(0, -held.length))
  }
  yield escapePart(held)
}
