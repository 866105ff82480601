/** One element of an XML feed with all that is in it. */
export interface XmlElement {
  /** With its prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** What stands directly in it, trimmed. */
  readonly text: string
}

/** The texts of the children of a name, without empty ones. */
export function textsOf({ children }: XmlElement, name: string): string[] {
  return children.flatMap((child) => (child.name === name && child.text !== '' ? [child.text] : []))
}

/** The first text among the children of some names, in the order of the names. */
export function textOf(element: XmlElement, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const [text] = textsOf(element, name)
    if (text !== undefined) return text
  }
  return undefined
}
