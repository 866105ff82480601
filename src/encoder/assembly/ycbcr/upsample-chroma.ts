/**
 * Doubles a row of chroma samples along the row: libjpeg's triangle filter (`h2v1_fancy_upsample` and
 * `h2v2_fancy_upsample` of its jdsample.c). Along columns first, `near` counts three times and `far` once; give the same
 * row twice where rows are not halved. Then each of the two outputs of a column takes it three times and the one beside
 * it once, or itself at the ends. Halves are rounded up and down in turns.
 *
 * Samples are worked on eight at a time: up to 7 are read behind each row, and up to 14 written behind `target`.
 * `sums` is room for the sums along columns: 2 bytes for each of `columns` samples, and 18.
 */
export function upsampleChroma(
  near: usize, far: usize, columns: usize, rowsAreHalved: bool,
  sums: usize, target: usize,
): void {
  const three = i16x8.splat(3)
  const even = i16x8.splat(rowsAreHalved ? 8 : 4)
  const odd = i16x8.splat(rowsAreHalved ? 7 : 8)
  const first = sums + 2
  for (let column: usize = 0; column < columns; column += 8) {
    const nearer = i16x8.mul(v128.load8x8_u(near + column), three)
    v128.store(first + (column << 1), i16x8.add(nearer, v128.load8x8_u(far + column)))
  }
  const behind = first + (columns << 1)
  store<u16>(sums, load<u16>(first))
  store<u16>(behind, load<u16>(behind - 2))
  for (let column: usize = 0; column < columns; column += 8) {
    const at = sums + (column << 1)
    const nearer = i16x8.mul(v128.load(at, 2), three)
    const left = i16x8.shr_u(i16x8.add(i16x8.add(nearer, v128.load(at)), even), 4)
    const right = i16x8.shr_u(i16x8.add(i16x8.add(nearer, v128.load(at, 4)), odd), 4)
    v128.store(target + (column << 1), v128.or(left, i16x8.shl(right, 8)))
  }
}
