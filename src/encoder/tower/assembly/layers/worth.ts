/**
 * What a row of quantised numbers is worth, behind each other: `scale` and `centre`, so that x = scale * a + centre, and
 * -63 times the sum of the a, which takes the 63 off again that the weights of the relaxed kernels have too much.
 */
// @ts-ignore: decorator
@inline export const ROW_BYTES: usize = 16

/**
 * What eight output channels are worth: their scales, scales times sums of weights, biases, and -128 times the sums, which
 * takes off what rows without a sign have too much.
 */
// @ts-ignore: decorator
@inline export const CHANNELS_BYTES: usize = 128

// @ts-ignore: decorator
@inline export function storeRowWorth(rows: usize, row: i32, scale: f32, centre: f32, correction: i32): void {
  const worth = rows + <usize>row * ROW_BYTES
  store<f32>(worth, scale)
  store<f32>(worth, centre, 4)
  store<i32>(worth, correction, 8)
}

/** `sum` is that of the channel's weights. */
// @ts-ignore: decorator
@inline export function storeChannelWorth(channels: usize, channel: i32, scale: f32, sum: i32, bias: f32): void {
  const worth = channels + <usize>(channel >> 3) * CHANNELS_BYTES + (<usize>(channel & 7) << 2)
  store<f32>(worth, scale)
  store<f32>(worth, scale * <f32>sum, 32)
  store<f32>(worth, bias, 64)
  store<i32>(worth, -128 * sum, 96)
}
