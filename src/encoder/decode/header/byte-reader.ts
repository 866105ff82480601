/**
 * Reads numbers and text from bytes that may end anywhere. A number that is not wholly there is `NaN`: no
 * comparison accepts it, so loops over damaged data end and no size is made of it.
 */
export class ByteReader {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get length(): number {
    return this.#bytes.length
  }

  uint8(offset: number): number {
    return this.#bytes[offset] ?? Number.NaN
  }

  uint16(offset: number, littleEndian = false): number {
    const first = this.uint8(offset)
    const second = this.uint8(offset + 1)
    return littleEndian ? first + second * 256 : first * 256 + second
  }

  uint32(offset: number, littleEndian = false): number {
    const first = this.uint16(offset, littleEndian)
    const second = this.uint16(offset + 2, littleEndian)
    return littleEndian ? first + second * 65536 : first * 65536 + second
  }

  /** Latin-1 text of at most `length` characters, fewer at the end of the bytes. */
  text(offset: number, length: number): string {
    return String.fromCharCode(...this.#bytes.subarray(offset, offset + length))
  }
}
