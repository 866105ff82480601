/**
 * The element's attributes: how each is read, and what holds when it is absent or wrong.
 * The attribute is the only store; the property of the same meaning reads and writes it.
 */

export type LoadingMode = 'auto' | 'lazy' | 'eager'
export type StorageMode = 'indexeddb' | 'memory'
export type AnalyticsMode = 'none' | 'ga4'

interface AttributeReader<T> {
  readonly fallback: T
  /** Completes the rule `must be ...`. */
  readonly expected: string
  /** Returns undefined for a text that means nothing. */
  parse(text: string): T | undefined
}

const readers = {
  catalog: text(),
  engine: text(),
  cells: text(),
  neighbors: text(),
  item: text(),
  model: text(),
  projection: text(),
  assets: text(),
  'heic-decoder': text(),
  heading: text(),
  limit: number({ fallback: 12, min: 1, max: 1000, integer: true }),
  'min-score': number({ fallback: -1, min: -1, max: 1 }),
  diversity: number({ fallback: 0, min: 0, max: 1 }),
  'per-group': number({ fallback: 1, min: 1, max: 1000, integer: true }),
  'heading-level': number({ fallback: 2, min: 1, max: 6, integer: true }),
  loading: oneOf<LoadingMode>('auto', 'lazy', 'eager'),
  storage: oneOf<StorageMode>('indexeddb', 'memory'),
  'photo-search': flag(),
  experiment: text(),
  analytics: oneOf<AnalyticsMode>('none', 'ga4'),
} satisfies Record<string, AttributeReader<unknown>>

export type AttributeName = keyof typeof readers
export type AttributeValue<N extends AttributeName> = (typeof readers)[N]['fallback']

export const attributeNames = Object.keys(readers) as AttributeName[]

/** The attribute of a property such as `minScore`, which need not exist. The property `engine` is the engine in the page. */
export function attributeOf(property: string): string {
  if (property === 'engineUrl') return 'engine'
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The value of an attribute's text, or the default where the text is absent or means nothing. */
export function readAttribute<N extends AttributeName>(name: N, text: string | null): AttributeValue<N> {
  const reader: AttributeReader<AttributeValue<N>> = readers[name]
  return (text === null ? undefined : reader.parse(text)) ?? reader.fallback
}

/** A sentence for the shop's developers when an attribute's text means nothing, otherwise null. */
export function attributeProblem(name: AttributeName, text: string | null): string | null {
  const rule = attributeRule(name, text)
  return rule && `<similar-items> ${name}="${text}": ${name} ${rule}. Using ${readers[name].fallback}.`
}

/** The rule that an attribute's text breaks, such as `must be a number from 0 to 1`; null where it breaks none. */
export function attributeRule(name: AttributeName, text: string | null): string | null {
  const reader = readers[name]
  return text === null || reader.parse(text) !== undefined ? null : `must be ${reader.expected}`
}

function text(): AttributeReader<string> {
  return { fallback: '', expected: 'text', parse: (value) => value.trim() }
}

/** True where it is there, but for the text `false`: that is what Vue and server templates write for a false value. */
function flag(): AttributeReader<boolean> {
  const parse = (value: string) => value.trim().toLowerCase() !== 'false'
  return { fallback: false, expected: 'there or not', parse }
}

function number(range: {
  fallback: number
  min: number
  max: number
  integer?: boolean
}): AttributeReader<number> {
  const { fallback, min, max, integer = false } = range
  return {
    fallback,
    expected: `${integer ? 'a whole number' : 'a number'} from ${min} to ${max}`,
    parse(value) {
      const parsed = value.trim() === '' ? Number.NaN : Number(value)
      const valid = parsed >= min && parsed <= max && (!integer || Number.isInteger(parsed))
      return valid ? parsed : undefined
    },
  }
}

function oneOf<T extends string>(fallback: T, ...others: T[]): AttributeReader<T> {
  const values: readonly T[] = [fallback, ...others]
  return {
    fallback,
    expected: `one of ${values.join(', ')}`,
    parse: (value) => values.find((candidate) => candidate === value.trim().toLowerCase()),
  }
}
