import { type SaxesAttributePlain, SaxesParser } from 'saxes'
import { SimilarItemsError } from '../../../errors.js'
import { declaredEntities } from './declared-entities.js'
import { namedCharacter } from './named-character.js'
import type { XmlElement } from './xml-element.js'

/** What is known once the root of a feed is open. */
export interface XmlRoot {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** By prefix: the namespaces that have been declared so far, wherever. */
  readonly namespaces: ReadonlyMap<string, string>
}

/** A text in one element that is longer is no attribute of a product. */
const longestText = 10e6

/**
 * The elements of some names in an XML text, wherever they are, each with all that is in it; elements inside of them
 * are not looked at by themselves.
 * @param wanted the names, chosen once the root is known.
 * @param onUnknownName is called at each `&name;` that is no reference, such as `H&M;`: it stays in the text.
 * @param location what to call the feed in errors.
 * @throws SimilarItemsError `catalog-invalid` with the position of the first error. A character that XML forbids is
 * none: it stays in the text.
 */
export async function* readElements(
  text: AsyncIterable<string>,
  wanted: (root: XmlRoot) => ReadonlySet<string>,
  onUnknownName: () => void,
  location: string,
): AsyncGenerator<XmlElement> {
  const reader = new ElementReader(wanted)
  // Namespaces are not resolved: a prefix that is not declared would be an error.
  const parser = new SaxesParser()
  const invalid = (what: string, cause?: unknown) =>
    new SimilarItemsError('catalog-invalid', `The feed ${location} ${what}.`, { cause, subject: location })
  parser.on('error', (error) => {
    if (mayStay.test(error.message)) return
    throw invalid(`is not well-formed XML at line:column ${error.message}`, error)
  })
  let declared: ReadonlySet<string> = new Set()
  parser.on('doctype', (doctype) => {
    declared = declaredEntities(doctype)
  })
  parser.ENTITIES = entities((name) => {
    if (declared.has(name))
      throw invalid(`declares what &${name}; means (<!ENTITY>); write its meaning in its place`)
    const character = namedCharacter(name)
    if (character === undefined) onUnknownName()
    return character ?? `&${name};`
  })
  parser.on('opentag', ({ name, attributes }) => reader.open(name, attributes))
  const add = (content: string) => {
    if (!reader.add(content)) throw invalid(`has an element with more than ${longestText / 1e6} MB of text`)
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => reader.close())
  for await (const piece of text) {
    parser.write(piece)
    yield* reader.take()
  }
  parser.close()
  yield* reader.take()
}

/** Scripts of shops write characters by HTML's names (`&nbsp;`, `&eacute;`), of which XML knows five. */
function entities(textOf: (name: string) => string): Record<string, string> {
  return new Proxy({}, { get: (_, name) => textOf(String(name)) })
}

/** A control character, as it is or as a reference such as `&#x1f;`. */
const mayStay = /: (disallowed character\.|malformed character entity\.)$/

interface OpenElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

class ElementReader {
  readonly #choose: (root: XmlRoot) => ReadonlySet<string>
  readonly #namespaces = new Map<string, string>()
  #wanted: ReadonlySet<string> | null = null
  /** A wanted element and those in it that are open. */
  readonly #open: OpenElement[] = []
  #done: XmlElement[] = []

  constructor(choose: (root: XmlRoot) => ReadonlySet<string>) {
    this.#choose = choose
  }

  open(name: string, attributes: Record<string, SaxesAttributePlain | string>): void {
    const plain = attributes as Record<string, string>
    for (const [attribute, value] of Object.entries(plain)) {
      if (attribute.startsWith('xmlns:')) this.#namespaces.set(attribute.slice(6), value)
    }
    this.#wanted ??= this.#choose({ name, attributes: plain, namespaces: this.#namespaces })
    // Whole feeds may have a prefix, which the format's own namespace then has.
    const local = name.slice(name.indexOf(':') + 1)
    if (this.#open.length > 0 || this.#wanted.has(name) || this.#wanted.has(local)) {
      this.#open.push({ name, attributes: plain, children: [], text: '' })
    }
  }

  /** False where it is too much. */
  add(content: string): boolean {
    const last = this.#open.at(-1)
    if (last) last.text += content
    return (last?.text.length ?? 0) <= longestText
  }

  close(): void {
    const closed = this.#open.pop()
    if (!closed) return
    const element = { ...closed, text: closed.text.trim() }
    const parent = this.#open.at(-1)
    if (parent) parent.children.push(element)
    else this.#done.push(element)
  }

  /** The wanted elements that were closed since the last call. */
  take(): XmlElement[] {
    const taken = this.#done
    this.#done = []
    return taken
  }
}
