/** How numbers that are multiplied stand in memory, by the instructions that multiply them. */
export const enum Form {
  /** Rows of 16 bits, two numbers of each of four rows in turn; weights of 8, two of each of eight channels. */
  words,
  /** Rows of bytes with a sign, four numbers of each of four rows in turn; weights with 63 added, four of each of eight channels. */
  dots,
  /** Rows of bytes without a sign, 128 added, in the same order; weights as they are, in blocks of four channels: `blocks.ts`. */
  pairs,
}
