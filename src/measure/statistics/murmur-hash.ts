const c1 = 0xcc9e2d51
const c2 = 0x1b873593

/**
 * MurmurHash3_x86_32 (A. Appleby, public domain) of the UTF-8 bytes of `text`: an unsigned 32-bit integer, every bit
 * of which depends on every bit of the text. Not for secrets.
 */
export function murmurHash(text: string, seed = 0): number {
  const bytes = new TextEncoder().encode(text)
  const view = new DataView(bytes.buffer)
  const wholeBlocks = bytes.length & ~3
  let hash = seed | 0
  for (let offset = 0; offset < wholeBlocks; offset += 4) {
    hash ^= scramble(view.getUint32(offset, true))
    hash = (Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let offset = bytes.length - 1; offset >= wholeBlocks; offset--) {
    tail = (tail << 8) | (bytes[offset] as number)
  }
  hash ^= scramble(tail) ^ bytes.length
  return finalize(hash)
}

function scramble(block: number): number {
  return Math.imul(rotateLeft(Math.imul(block, c1), 15), c2)
}

function finalize(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
