import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Condition, meets } from '../../../src/instantsearch/condition.js'
import { parseFilters } from '../../../src/instantsearch/parse-filters.js'

const chair = {
  title: 'Oak chair',
  brand: 'Oak & Sons',
  color: ['dark red', 'Brown'],
  price: '89.00 EUR',
  stock: 3,
  sizes: [1, 5],
  sold: false,
  _tags: ['New'],
  author: { name: 'Jo "J" Do' },
  'shop.id': '7',
}

describe('a chair', () => {
  test.each([
    ['title:"Oak chair"', true],
    ["title:'oak CHAIR'", true],
    ['brand:"oak & sons"', true],
    ['Brand:"Oak & Sons"', false],
    ['color:brown', true],
    ['color:"dark red" AND color:brown', true],
    ['NOT color:green', true],
    ['NOT color:brown', false],
    ['color:green OR price < 90', true],
    ['color:green OR price<89', false],
    ['price >= 89 AND price <= 89', true],
    ['price = 89.00', true],
    ['price != 89', false],
    ['price:10 TO 89', true],
    ['price:90 TO 100', false],
    ['sizes:2 TO 4', false],
    ['sizes > 4 AND sizes < 2', true],
    ['stock:3', true],
    ['sold:false', true],
    ['sold:true', false],
    ['_tags:New', true],
    ['New', true],
    ['new', false],
    ['author.name:"Jo \\"J\\" Do"', true],
    ['shop.id:7', true],
    ['title > 3', false],
    // AND binds closer: (true AND false) OR true, and true OR (false AND true).
    ['color:brown AND color:green OR stock:3', true],
    ['stock:3 OR color:green AND color:brown', true],
    ['(stock:3 OR color:green) AND color:blue', false],
    ['NOT (color:green OR color:blue)', true],
    ['"color":"brown"', true],
    ['color:"OR" OR color:brown', true],
    ['-2 OR stock:-3', false],
    ["title:it's OR stock:3", true],
  ])('%s: %s', (filters, expected) => {
    expect(meets(chair, parseFilters(filters))).toBe(expected)
  })
})

test.each([
  ['color:', 'at its end, a value is missing'],
  ['color:red AND', 'at its end, an attribute is missing'],
  ['color:red size:3', 'at "size", AND or OR is missing'],
  ['(color:red', 'at its end, a ) is missing'],
  ['price < cheap', 'at "cheap", a number is missing'],
  ['price:1 TO many', 'at "many", a number is missing'],
  ['color:"red', 'a quote is not closed'],
  [': red', 'at ":", an attribute is missing'],
  ['color:red<score=2>', 'scores are not supported'],
  ['', 'at its end, an attribute is missing'],
])('%s is explained', (filters, message) => {
  expect(() => parseFilters(filters)).toThrow(message)
})

/** Conditions in the shape that the parser gives: no list in a list of its own kind, and none of one part. */
const leaf = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), attribute: word(), value: fc.string() }),
  fc.record({ kind: fc.constant('range' as const), attribute: word(), from: fc.integer(), to: fc.integer() }),
  fc.record({
    kind: fc.constant('compare' as const),
    attribute: word(),
    operator: fc.constantFrom('<', '<=', '=', '!=', '>=', '>'),
    number: fc.integer(),
  }),
)
const condition = fc.letrec<{ any: Condition; not: Condition }>((tie) => ({
  not: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({ kind: fc.constant('not' as const), of: tie('not') }),
  ),
  any: fc.oneof(
    tie('not'),
    fc.record({
      kind: fc.constantFrom('all', 'any'),
      of: fc.array(tie('any'), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).any

test('reads what is written, however it is nested', () => {
  fc.assert(
    fc.property(condition, (wanted) => {
      expect(flat(parseFilters(write(wanted)))).toEqual(flat(wanted))
    }),
  )
})

test('refuses any other text as what it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      try {
        parseFilters(text)
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-argument', subject: text })
      }
    }),
  )
})

function word() {
  return fc.stringMatching(/^[a-z][a-z_.]{0,8}$/).filter((text) => text !== '')
}

function write(part: Condition): string {
  if (part.kind === 'not') return `NOT ${write(part.of)}`
  if (part.kind === 'all' || part.kind === 'any')
    return `(${part.of.map(write).join(part.kind === 'all' ? ' AND ' : ' OR ')})`
  if (part.kind === 'range') return `${part.attribute}:${part.from} TO ${part.to}`
  if (part.kind === 'compare') return `${part.attribute} ${part.operator} ${part.number}`
  return `${part.attribute}:"${part.value.replace(/["\\]/g, '\\$&')}"`
}

/** Parentheses around all of a list say nothing. */
function flat(part: Condition): Condition {
  if (part.kind === 'not') return { kind: 'not', of: flat(part.of) }
  if (part.kind !== 'all' && part.kind !== 'any') return part
  const { kind } = part
  return { kind, of: part.of.map(flat) }
}
