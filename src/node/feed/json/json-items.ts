import { SimilarItemsError } from '../../../errors.js'
import { linesOf } from '../../files/text-lines.js'
import type { FeedItem, FeedSource, ReadItems } from '../feed-source.js'
import { googleRetailJson } from '../shapes/google-retail-json.js'
import { jsonLd } from '../shapes/json-ld.js'
import { isObject, type JsonShape } from '../shapes/json-shape.js'
import { merchantJson } from '../shapes/merchant-json.js'
import { shopifyJson } from '../shapes/shopify-json.js'
import { woocommerceJson } from '../shapes/woocommerce-json.js'
import { listIn } from './list-in.js'

const shapes: readonly JsonShape[] = [shopifyJson, woocommerceJson, jsonLd, googleRetailJson, merchantJson]

/**
 * The items of a JSON feed, of the shape that its first object tells: an array, an object with such an array in it, one
 * object of schema.org, or one object a line, with comments between them or not. Only the last may be longer than a string,
 * which is half a gigabyte in Node.
 * @param onlyShape of which it is in any case; it is given whole texts as they are.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export async function readJsonItems(
  { text, location, context }: FeedSource,
  onlyShape?: JsonShape,
): Promise<ReadItems> {
  const lines = linesOf(text)
  const first = await lines.next()
  const value = first.done ? undefined : parseLine(first.value)
  const passed: string[] = []
  if (isObject(value)) {
    const isAlone = !(await hasObjectNext(lines, passed))
    if (!isAlone || !listIn(value)) return read(objectsOfLines(value, passed, lines, location), value)
  }
  let whole = [first.value ?? '', ...passed].join('\n')
  let isOneLine = passed.every((line) => line.trim() === '')
  try {
    for await (const line of lines) {
      isOneLine &&= line.trim() === ''
      whole += `\n${line}`
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw invalid(location, 'is too long for one JSON text: write it as JSON Lines, one item a line', cause)
  }
  const parsed = isOneLine && value !== undefined ? value : (tryParse(whole) ?? tryParse(asJson(whole)))
  if (parsed === undefined) throw invalid(location, 'is not valid JSON or JSON Lines')
  const list = onlyShape
    ? [parsed]
    : (listIn(parsed) ?? (isObject(parsed) && jsonLd.isOf(parsed) && [parsed]))
  if (list) return read(iterate(list), list)
  throw invalid(location, 'has no list of items: say where it is with --map items=PATH')

  function read(values: AsyncIterable<unknown>, samples: unknown): ReadItems {
    const sample = [samples].flat(3).find(isObject) ?? {}
    const shape = onlyShape ?? (shapes.find((other) => other.isOf(sample)) as JsonShape)
    return { shape: shape.name, items: shape.items(values, context) as AsyncIterable<FeedItem> }
  }
}

/**
 * Whether the next line with anything in it is an object, too, as in JSON Lines.
 * @param passed gets the lines that were read.
 */
async function hasObjectNext(lines: AsyncGenerator<string>, passed: string[]): Promise<boolean> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    passed.push(line.value)
    if (!isPassedOver.test(line.value)) return isObject(parseLine(line.value))
  }
  return false
}

const isPassedOver = /^\s*($|\/\/|#)/

async function* objectsOfLines(
  first: unknown,
  passed: readonly string[],
  lines: AsyncIterable<string>,
  location: string,
): AsyncGenerator<unknown> {
  yield first
  let number = 1
  const objectOf = (line: string): unknown => {
    number++
    if (isPassedOver.test(line)) return undefined
    const value = parseLine(line)
    if (value !== undefined) return value
    throw invalid(location, `is not valid JSON or JSON Lines: line ${number} is no JSON object`)
  }
  for (const line of passed) {
    const value = objectOf(line)
    if (value !== undefined) yield value
  }
  for await (const line of lines) {
    const value = objectOf(line)
    if (value !== undefined) yield value
  }
}

async function* iterate<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

/** An object that is alone on its line; people leave the comma of a list behind or before it. */
function parseLine(line: string): unknown {
  return tryParse(line) ?? tryParse(line.replace(/^\s*,|(?<![,\s]),\s*$/g, ''))
}

/** A list that is written line by line, without the comma behind its last element and comments between. */
function asJson(text: string): string {
  return text
    .replace(/^[ \t]*(?:#|\/\/).*$/gm, '')
    .replace(/"[^"\\]*(?:\\.[^"\\]*)*"|,(?=\s*[\]}])/gs, (found) => (found === ',' ? '' : found))
}

/** Undefined where it is no JSON. A line break or another control character in a string, which JSON forbids, is a space. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(text.replace(controlCharacters, ' '))
    } catch {
      return undefined // The caller tries the other form, and then says so.
    }
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controlCharacters = /[\u0000-\u001f]/g

function invalid(location: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('catalog-invalid', `The feed ${location} ${what}.`, {
    cause,
    subject: location,
  })
}
