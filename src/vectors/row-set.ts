/** A set of rows of a table as a bitmap: bit `row & 7` of byte `row >> 3`. Bits behind the last row are 0. */
export class RowSet {
  /** How many rows the table has; all of them are below. */
  readonly rows: number
  readonly bits: Uint8Array

  private constructor(rows: number, bits: Uint8Array) {
    this.rows = rows
    this.bits = bits
  }

  static none(rows: number): RowSet {
    return new RowSet(rows, new Uint8Array((rows + 7) >> 3))
  }

  static all(rows: number): RowSet {
    const { bits } = RowSet.none(rows)
    bits.fill(255)
    if (rows & 7) bits[bits.length - 1] = (1 << (rows & 7)) - 1
    return new RowSet(rows, bits)
  }

  /** The rows for which `isMember` returns true. */
  static where(rows: number, isMember: (row: number) => boolean): RowSet {
    const set = RowSet.none(rows)
    for (let row = 0; row < rows; row++) if (isMember(row)) set.add(row)
    return set
  }

  has(row: number): boolean {
    return (((this.bits[row >> 3] ?? 0) >> (row & 7)) & 1) === 1
  }

  /** @throws RangeError for a row that the table does not have. */
  add(row: number): void {
    if (!(row >= 0 && row < this.rows)) throw new RangeError(`row ${row} of ${this.rows}`)
    this.bits[row >> 3] = (this.bits[row >> 3] as number) | (1 << (row & 7))
  }

  delete(row: number): void {
    if (this.has(row)) this.bits[row >> 3] = (this.bits[row >> 3] as number) & ~(1 << (row & 7))
  }

  copy(): RowSet {
    return new RowSet(this.rows, this.bits.slice())
  }
}
