import { decodeHTML } from 'entities'
import { namedCharacter } from './named-character.js'

/** What is no declaration of an entity is passed over: a comment may have one in it. What is not closed goes on to the end, once. */
const declaration =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!ENTITY\s+([^\s%"'<>]+)\s+(?:"([^"]*)"|'([^']*)')?|"[^"]*"|'[^']*'/g
const ofXml: ReadonlySet<string> = new Set(['lt', 'gt', 'amp', 'apos', 'quot'])

/** The names to which a DOCTYPE gives a meaning of its own, another one than HTML. */
export function declaredEntities(doctype: string): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [, name, double, single] of doctype.matchAll(declaration)) {
    if (name === undefined || ofXml.has(name)) continue
    const meaning = double ?? single
    if (meaning === undefined || decodeHTML(meaning) !== namedCharacter(name)) names.add(name)
  }
  return names
}
