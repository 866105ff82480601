import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

export type RegularFile =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'other' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'read'; readonly bytes: Uint8Array; readonly version: string }

export interface ReadFileOptions {
  /** Version that is known already; where it still holds, nothing is read. */
  readonly known?: string | undefined
  readonly largest: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a file that is one: a device or a pipe has no end, and is `other`.
 * @throws the error of the file system; the signal's reason.
 */
export async function readRegularFile(
  path: string,
  { known, largest, signal }: ReadFileOptions,
): Promise<RegularFile> {
  // Without waiting for somebody to write into a pipe.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return { kind: 'other' }
    const version = `modified:${stats.mtimeMs} size:${stats.size}`
    if (version === known) return { kind: 'unchanged' }
    if (stats.size > largest) return { kind: 'too-large' }
    const bytes = await readUpTo(file, largest, signal)
    return bytes === null ? { kind: 'too-large' } : { kind: 'read', bytes, version }
  } finally {
    await file.close()
  }
}

const pieceLength = 1 << 20

/** Null where there is more: a file may grow while it is read, and some have no length at all. */
async function readUpTo(
  file: FileHandle,
  largest: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceLength), 0, pieceLength)
    if (bytesRead === 0) return Buffer.concat(pieces)
    size += bytesRead
    if (size > largest) return null
    pieces.push(buffer.subarray(0, bytesRead))
  }
}
