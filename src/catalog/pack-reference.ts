import { SimilarItemsError } from '../errors.js'
import { parseUrl } from '../parse-url.js'
import type { Space } from '../types.js'
import { parseSpace } from '../vectors/space.js'

/** A file that `catalog.json` refers to. */
export interface FileReference {
  /** Absolute in a page; relative to `catalog.json` in the file itself. */
  readonly url: string
  /** Hex. */
  readonly sha256: string
}

/** The pack of a catalogue, as the `pack` of its `catalog.json` describes it. */
export interface PackReference extends FileReference {
  readonly bytes: number
  /** Number of vectors. */
  readonly count: number
  readonly space: Space
  /** What takes the encoder's vectors to the pack's space; null where that is the encoder's own. */
  readonly projection: FileReference | null
  /** Content keys of pictures that could not be used when the pack was made; pages do not try them again. */
  readonly unusable: readonly string[]
}

/**
 * Reads the `pack` of a catalogue; null where it has none.
 * @param catalogUrl against which the URLs in it are resolved.
 * @throws SimilarItemsError `catalog-invalid`.
 */
export function parsePackReference(value: unknown, catalogUrl: string): PackReference | null {
  if (value === undefined || value === null) return null
  const {
    bytes,
    count,
    space,
    projection,
    unusable = [],
    ...file
  } = value as Partial<Record<keyof PackReference, unknown>>
  const pack = parseFileReference(file, catalogUrl)
  const parsedSpace = parseSpace(space)
  const parsedProjection = projection ? parseFileReference(projection, catalogUrl) : null
  const isProjected = (parsedSpace?.projection ?? null) !== null
  if (
    !pack ||
    !parsedSpace ||
    !isCount(bytes) ||
    !isCount(count) ||
    !isTextList(unusable) ||
    isProjected !== (parsedProjection !== null) ||
    parsedProjection?.sha256 !== (parsedSpace.projection ?? undefined)
  ) {
    throw new SimilarItemsError(
      'catalog-invalid',
      `The catalogue ${catalogUrl} has a "pack" without url, sha256, bytes, count, space or the projection that its ` +
        'space needs. Write it with `similar-items index`.',
      { subject: catalogUrl },
    )
  }
  return { ...pack, bytes, count, space: parsedSpace, projection: parsedProjection, unusable }
}

/** A reference with its URL resolved against `catalogUrl`; null where it is none. */
export function parseFileReference(value: unknown, catalogUrl: string): FileReference | null {
  const { url, sha256 } = (value ?? {}) as Partial<Record<keyof FileReference, unknown>>
  const parsed = typeof url === 'string' ? parseUrl(url, catalogUrl) : null
  if (parsed === null) return null
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null
  return { url: parsed.href, sha256 }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
