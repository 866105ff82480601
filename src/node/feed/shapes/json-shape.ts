import type { FeedItem, ShapeContext } from '../feed-source.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** One way in which shops write their products as JSON. */
export interface JsonShape {
  readonly name: string
  /** @param first one of the objects. */
  isOf(first: JsonObject): boolean
  /** @param values may have anything among them; what is no object stays as it is, for those who say so. */
  items(values: AsyncIterable<unknown>, context: ShapeContext): AsyncIterable<FeedItem | unknown>
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text, or a number as one; undefined for anything else and for an empty text. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** The objects of a list. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
