import { packBlock } from './blocks'
import { Form } from './form'
import { storeChannelWorth } from './worth'

/**
 * Puts weights `[outputs, inputs]` of -63..63 in the order in which they are multiplied: see `form.ts`. With 63 added they
 * have 7 bits and no sign. `scales` and `biases` are floats a channel; `channels` is where what `finish` needs is written. Returns
 * whether all weights have 7 bits.
 */
export function packWeights(
  from: usize, outputs: i32, inputs: i32, scales: usize, biases: usize, to: usize, channels: usize, form: Form,
): bool {
  let largest = i8x16.splat(0)
  const isWide = form == Form.words
  const group = isWide ? 2 : 4
  for (let output = 0; output < outputs; output++) {
    const row = from + <usize>output * <usize>inputs
    let place = to + <usize>(output >> 3) * (<usize>inputs << 3) + <usize>((output & 7) * group)
    let sum = 0
    for (let input = 0; input < inputs; input += 4) {
      const four = row + <usize>input
      largest = i8x16.max_u(largest, i8x16.abs(v128.load32_zero(four)))
      sum += <i32>load<i8>(four) + <i32>load<i8>(four, 1) + <i32>load<i8>(four, 2) + <i32>load<i8>(four, 3)
      if (form == Form.pairs) continue
      if (isWide) {
        store<u16>(place, load<u16>(four))
        store<u16>(place, load<u16>(four, 2), 16)
      } else {
        // No byte overflows into the next: 63 is added to each as to a number without a sign.
        const bytes = i8x16.add(v128.load32_zero(four), i8x16.splat(63))
        v128.store32_lane(place, bytes, 0)
      }
      place += 32
    }
    const at = <usize>output << 2
    storeChannelWorth(channels, output, load<f32>(scales + at), sum, load<f32>(biases + at))
  }
  if (form == Form.pairs) {
    for (let output = 0; output < outputs; output += 4) to = packBlock(from + <usize>output * <usize>inputs, inputs, to)
  }
  return !v128.any_true(i8x16.gt_u(largest, i8x16.splat(63)))
}
