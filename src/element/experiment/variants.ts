import { SimilarItemsError } from '../../errors.js'
import type { VariantShare } from '../../measure/experiment/assign-variant.js'
import { attributeRule, readAttribute } from '../attributes.js'

/** The settings of the element that a variant may replace. Those it leaves out are the element's own. */
export interface VariantSettings {
  readonly catalog?: string | URL | readonly unknown[]
  readonly neighbors?: string
  readonly model?: string | URL
  readonly projection?: string | URL
  readonly limit?: number
  readonly minScore?: number
  readonly diversity?: number
  readonly perGroup?: number
}

/** One of the things that an experiment compares. One without settings is the element as it is. */
export interface Variant extends VariantShare {
  readonly settings?: VariantSettings
}

/** The same with addresses as text. */
export interface PlainVariantSettings extends Omit<VariantSettings, 'catalog' | 'model' | 'projection'> {
  readonly catalog?: string | readonly unknown[]
  readonly model?: string
  readonly projection?: string
}

const attributeOf = {
  catalog: 'catalog',
  neighbors: 'neighbors',
  model: 'model',
  projection: 'projection',
  limit: 'limit',
  minScore: 'min-score',
  diversity: 'diversity',
  perGroup: 'per-group',
} as const satisfies Record<keyof VariantSettings, string>

/**
 * Variants as the page gave them, in their order.
 * @throws SimilarItemsError `invalid-argument`, saying what is wrong with which of them.
 */
export function parseVariants(
  variants: unknown,
): (VariantShare & { readonly settings: PlainVariantSettings })[] {
  if (!Array.isArray(variants) || variants.length === 0) {
    throw invalid(
      'variants must be a list such as [{ name: "plain" }, { name: "fewer", settings: { limit: 6 } }]',
    )
  }
  const parsed = variants.map(parseVariant)
  const names = parsed.map(({ name }) => name)
  if (new Set(names).size === names.length) return parsed
  throw invalid(`variants need different names, but these are called ${names.join(', ')}`)
}

function parseVariant(value: unknown): VariantShare & { settings: PlainVariantSettings } {
  const { name, share, settings = {} } = (value ?? {}) as Partial<Record<keyof Variant, unknown>>
  if (typeof name !== 'string' || name === '') throw invalid('every variant needs a text as its name')
  if (share !== undefined && typeof share !== 'number')
    throw invalid(`the share of "${name}" must be a number`)
  return { name, share, settings: parseSettings(name, settings) }
}

function parseSettings(name: string, settings: unknown): PlainVariantSettings {
  if (typeof settings !== 'object' || settings === null)
    throw invalid(`the settings of "${name}" must be an object`)
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([key, value]) => [key, parseSetting(name, key, value)]))
}

function parseSetting(name: string, key: string, value: unknown): unknown {
  if (!isSettable(key)) {
    throw invalid(
      `the variant "${name}" sets ${key}, but variants may set ${Object.keys(attributeOf).join(', ')}`,
    )
  }
  if (key === 'catalog' && Array.isArray(value)) return value
  const isText = typeof value === 'string' || typeof value === 'number' || value instanceof URL
  const broken = isText ? attributeRule(attributeOf[key], String(value)) : 'must be text or a number'
  if (broken === null) return readAttribute(attributeOf[key], String(value))
  const shown =
    typeof value === 'string' ? JSON.stringify(value) : isText ? String(value) : `a ${typeof value}`
  throw invalid(`the variant "${name}" sets ${key} to ${shown}, but it ${broken}`)
}

function isSettable(key: string): key is keyof VariantSettings {
  return Object.hasOwn(attributeOf, key)
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${message}.`)
}
