import { SimilarItemsError } from '../errors.js'
import type { Condition, Operator } from './condition.js'

/** A word, which may be several in quotes, or a sign. */
interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

const signs = /^(?:\(|\)|<=|>=|!=|<|>|=|:)/
const number = /^-?\d+(?:\.\d+)?$/

/**
 * A text in the language of Algolia's parameter `filters`: `brand:Oak AND (price < 100 OR NOT color:"dark red")`. AND
 * binds closer than OR. Unlike there, what is in parentheses may be combined freely.
 * @throws SimilarItemsError `invalid-argument` for a text that is none, and for scores.
 */
export function parseFilters(text: string): Condition {
  const tokens = tokenize(text)
  let next = 0
  const peek = (offset = 0) => tokens[next + offset]
  const isWord = (word: string, offset = 0) => peek(offset)?.text === word && !peek(offset)?.isQuoted
  const take = (what: string): Token => {
    const token = peek()
    if (!token || (!token.isQuoted && signs.test(token.text)))
      throw problem(text, `${what} is missing`, token)
    next++
    return token
  }
  const accept = (word: string) => isWord(word) && !!++next

  const any = (): Condition => combined('any', 'OR', all)
  const all = (): Condition => combined('all', 'AND', one)
  const combined = (kind: 'all' | 'any', word: string, part: () => Condition): Condition => {
    const parts = [part()]
    while (accept(word)) parts.push(part())
    return parts.length === 1 ? (parts[0] as Condition) : { kind, of: parts }
  }
  const one = (): Condition => {
    if (accept('NOT')) return { kind: 'not', of: one() }
    if (!accept('(')) return leaf()
    const inside = any()
    if (!accept(')')) throw problem(text, 'a ) is missing', peek())
    return inside
  }
  const leaf = (): Condition => {
    const attribute = take('an attribute').text
    const operator = ['<=', '>=', '!=', '<', '>', '='].find((sign) => accept(sign))
    if (operator) return { kind: 'compare', attribute, operator: operator as Operator, number: takeNumber() }
    if (!accept(':')) return { kind: 'value', attribute: '_tags', value: attribute }
    if (isWord('TO', 1)) {
      const from = takeNumber()
      next++
      return { kind: 'range', attribute, from, to: takeNumber() }
    }
    const { text: value, isQuoted } = take('a value')
    if (isWord('<') && isWord('score', 1)) throw problem(text, 'scores are not supported', peek())
    return { kind: 'value', attribute, value: isQuoted ? value : value.replace(/^\\-/, '-') }
  }
  const takeNumber = (): number => {
    const token = take('a number')
    if (!number.test(token.text)) throw problem(text, 'a number is missing', token)
    return Number(token.text)
  }

  const condition = any()
  if (peek()) throw problem(text, 'AND or OR is missing', peek())
  return condition
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^'\\]|\\.)*)'/.exec(rest)
    const [taken] = quoted ?? signs.exec(rest) ?? /^[^\s():<>=!"']+(?:['"!][^\s():<>=!]*)*/.exec(rest) ?? []
    if (!taken) throw problem(text, 'a quote is not closed', { text: rest, isQuoted: false })
    const inside = quoted?.[1] ?? quoted?.[2]
    tokens.push(
      inside === undefined
        ? { text: taken, isQuoted: false }
        : { text: inside.replace(/\\(.)/g, '$1'), isQuoted: true },
    )
    rest = rest.slice(taken.length).trimStart()
  }
  return tokens
}

function problem(text: string, what: string, at: Token | undefined): SimilarItemsError {
  const place = at ? `at "${at.text}"` : 'at its end'
  const message = `The filter ${JSON.stringify(text)} cannot be read: ${place}, ${what}.`
  return new SimilarItemsError('invalid-argument', message, { subject: text })
}
