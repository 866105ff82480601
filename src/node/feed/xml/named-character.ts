import { decodeHTMLStrict } from 'entities'

/** The character that a name means in HTML, such as `nbsp`, or in XML, whose five names HTML has too. */
export function namedCharacter(name: string): string | undefined {
  const reference = `&${name};`
  const character = decodeHTMLStrict(reference)
  return character === reference ? undefined : character
}
