import { SimilarItemsError } from '../../errors.js'
import type { Space } from '../../types.js'
import { parseSpace } from '../../vectors/space.js'
import { toFloats } from '../stored-vector.js'
import type { EngineRow, WrittenRow } from '../vector-engine.js'
import { labelOf } from './where-text.js'

/** The version of what tables look like. */
const schemaVersion = 1

/** Columns that make a row; `_distance` is not looked at, but LanceDB warns where it is not asked for. */
export const rowColumns = ['id', 'item_group', 'product', 'scale', 'levels']

/**
 * The columns of a space's rows as LanceDB takes them, which is Arrow's schema as plain data. The space is part of it:
 * no table of vectors is without its space.
 */
export function rowSchema(space: Space): unknown {
  return {
    fields: [
      field('id', 'utf8'),
      { ...field('item_group', 'utf8'), nullable: true },
      field('version', 'utf8'),
      field('product', 'utf8'),
      field('labels', listOf('utf8')),
      // Names of numbers, and the numbers in the same order.
      field('numbers', listOf('utf8')),
      field('amounts', listOf(float64)),
      field('scale', float32),
      field('levels', 'binary'),
      field('embedding', {
        typeId: fixedSizeList,
        listSize: space.dimensions,
        children: [{ ...field('item', float32), nullable: true }],
      }),
    ],
    metadata: new Map([
      ['similar-items', String(schemaVersion)],
      ['space', JSON.stringify(space)],
    ]),
  }
}

/** The space of a table. @throws SimilarItemsError `engine-invalid` for a table that is none of ours, or of a later version. */
export function spaceOf(name: string, metadata: ReadonlyMap<string, string>): Space {
  const version = Number(metadata.get('similar-items'))
  if (version > schemaVersion) {
    const message = `The table ${name} is of version ${version}; this similar-items knows ${schemaVersion}. Update it.`
    throw new SimilarItemsError('engine-invalid', message, { subject: name })
  }
  const space = parseSpace(parsed(metadata.get('space') ?? ''))
  if (space && version === schemaVersion) return space
  const message = `The table ${name} names no space: it was not made by similar-items.`
  throw new SimilarItemsError('engine-invalid', message, { subject: name })
}

export function toRecord({
  id,
  group,
  version,
  product,
  values,
  vector,
}: WrittenRow): Record<string, unknown> {
  const texts = Object.entries(values).filter(([, value]) => typeof value === 'string')
  const numbers = Object.entries(values).filter(([, value]) => typeof value === 'number')
  return {
    id,
    item_group: group,
    version,
    product: JSON.stringify(product),
    labels: texts.map(([name, value]) => labelOf(name, String(value))),
    numbers: numbers.map(([name]) => name),
    amounts: numbers.map(([, value]) => value),
    scale: vector.scale,
    levels: Uint8Array.from(vector.levels, (level) => level & 255),
    embedding: toFloats(vector),
  }
}

export function fromRecord(record: Readonly<Record<string, unknown>>): EngineRow {
  return {
    id: String(record.id),
    group: record.item_group === null ? null : String(record.item_group),
    product: JSON.parse(String(record.product)),
    vector: { levels: Int8Array.from(record.levels as Uint8Array), scale: Number(record.scale) },
  }
}

/** Numbers of Arrow's types, and of its precisions. */
const [float, list, fixedSizeList] = [3, 12, 16]
const float32 = { typeId: float, precision: 1 }
const float64 = { typeId: float, precision: 2 }

function field(name: string, type: unknown) {
  return { name, type, nullable: false }
}

function listOf(type: unknown) {
  return { typeId: list, children: [{ ...field('item', type), nullable: true }] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
