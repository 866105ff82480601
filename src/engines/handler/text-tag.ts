/**
 * A tag by which two texts are told apart: their length and two hashes of 32 bits (multiply and mix, as MurmurHash3
 * does). It takes microseconds, where a cryptographic digest waits for another thread; whoever makes two texts with one
 * tag on purpose gets to see the older of them once more.
 */
export function textTag(text: string): string {
  let a = 0x9e3779b9
  let b = 0x85ebca6b
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 0xcc9e2d51)
    b = Math.imul(b ^ unit, 0x1b873593)
    a ^= a >>> 15
    b = (b << 13) | (b >>> 19)
  }
  return [text.length, finish(a), finish(b ^ a)].map((part) => part.toString(36)).join('-')
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ mixed) >>> 0
}
