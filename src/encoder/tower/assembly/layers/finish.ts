import { ROW_BYTES } from './worth'

/** scale_row * scale_channel * sum + centre_row * scale_channel * (sum of weights) + bias, for four channels. */
// @ts-ignore: decorator
@inline function toFloats(sums: v128, scale: v128, centre: v128, channels: usize): v128 {
  const product = f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(scale, v128.load(channels)))
  return f32x4.add(f32x4.add(product, f32x4.mul(centre, v128.load(channels, 32))), v128.load(channels, 64))
}

/** Writes four outputs of one row, or adds them to what is there. */
// @ts-ignore: decorator
@inline export function finishFour(sums: v128, rows: usize, row: i32, channels: usize, to: usize, isAdded: bool): void {
  const worth = rows + <usize>row * ROW_BYTES
  const floats = toFloats(sums, v128.load32_splat(worth), v128.load32_splat(worth, 4), channels)
  v128.store(to, isAdded ? f32x4.add(v128.load(to), floats) : floats)
}

/** Writes eight outputs of one row, or adds them to what is there. */
// @ts-ignore: decorator
@inline export function finish(
  left: v128, right: v128, rows: usize, row: i32, channels: usize, to: usize, isAdded: bool,
): void {
  const worth = rows + <usize>row * ROW_BYTES
  const scale = v128.load32_splat(worth)
  const centre = v128.load32_splat(worth, 4)
  let a = toFloats(left, scale, centre, channels)
  let b = toFloats(right, scale, centre, channels + 16)
  if (isAdded) {
    a = f32x4.add(v128.load(to), a)
    b = f32x4.add(v128.load(to, 16), b)
  }
  v128.store(to, a)
  v128.store(to, b, 16)
}
