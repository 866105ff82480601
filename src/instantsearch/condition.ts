/** What a filter of Algolia asks of a record. */
export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** An attribute has a value, or is a list with it. */
  | { readonly kind: 'value'; readonly attribute: string; readonly value: string }
  /** An attribute is a number, or a list with one, from `from` to `to`, both included. */
  | { readonly kind: 'range'; readonly attribute: string; readonly from: number; readonly to: number }
  | {
      readonly kind: 'compare'
      readonly attribute: string
      readonly operator: Operator
      readonly number: number
    }

export type Operator = '<' | '<=' | '=' | '!=' | '>=' | '>'

/** The attributes that a condition names. */
export function attributesOf(condition: Condition): readonly string[] {
  if (condition.kind === 'not') return attributesOf(condition.of)
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.flatMap(attributesOf)
  return [condition.attribute]
}

/**
 * Whether a record meets a condition. Values are equal in any case, tags (`_tags`) in the same case alone. A price such
 * as `24.90 EUR` is the number of its amount.
 */
export function meets(record: Readonly<Record<string, unknown>>, condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((part) => meets(record, part))
    case 'any':
      return condition.of.some((part) => meets(record, part))
    case 'not':
      return !meets(record, condition.of)
    case 'value':
      return valuesOf(record, condition.attribute).some((value) => isEqual(value, condition))
    case 'range':
      return numbersOf(record, condition.attribute).some(
        (number) => number >= condition.from && number <= condition.to,
      )
    case 'compare':
      return numbersOf(record, condition.attribute).some((number) => compare(number, condition))
  }
}

/** The values at a path such as `brand` or `author.name`: none where there is nothing, several where there is a list. */
export function valuesOf(record: Readonly<Record<string, unknown>>, attribute: string): readonly unknown[] {
  const inside = (value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] => {
    if (Array.isArray(value))
      return value.flatMap((part) => inside(part, name === undefined ? [] : [name, ...rest]))
    if (name === undefined) return value === undefined || value === null ? [] : [value]
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
    return inside((value as Record<string, unknown>)[name], rest)
  }
  // A feed's own attribute may have a dot in its name.
  return Object.hasOwn(record, attribute)
    ? inside(record[attribute], [])
    : inside(record, attribute.split('.'))
}

function numbersOf(record: Readonly<Record<string, unknown>>, attribute: string): readonly number[] {
  return valuesOf(record, attribute).flatMap((value) => {
    if (typeof value === 'number') return [value]
    const [, amount] = /^\s*(-?\d+(?:\.\d+)?)(?:\s*[A-Z]{3})?\s*$/.exec(String(value)) ?? []
    return amount === undefined ? [] : [Number(amount)]
  })
}

function isEqual(
  value: unknown,
  { attribute, value: wanted }: { attribute: string; value: string },
): boolean {
  const text = String(value)
  return text === wanted || (attribute !== '_tags' && text.toLowerCase() === wanted.toLowerCase())
}

function compare(left: number, { operator, number }: { operator: Operator; number: number }): boolean {
  if (operator === '<') return left < number
  if (operator === '<=') return left <= number
  if (operator === '=') return left === number
  if (operator === '!=') return left !== number
  return operator === '>' ? left > number : left >= number
}
