/**
 * Weights of four channels for x86 without VNNI. One instruction adds up two products of each lane in 16 bits, another adds
 * two of these into 32; so four products are added up before they are widened wherever no bytes can make them pass 16 bits.
 * Four inputs of the four channels make a group, of 16 bytes. A block has its length in paired groups and in lone ones, in
 * bytes; the paired groups; and the lone ones, each behind the place of its inputs in a panel.
 */
// @ts-ignore: decorator
@inline export const HEADER_BYTES: usize = 8
// @ts-ignore: decorator
@inline export const LONE_BYTES: usize = 20
// @ts-ignore: decorator
@inline const GROUP_BYTES: usize = 16
/** 255 times it is 32640: what weights of one sign may be in all. */
// @ts-ignore: decorator
@inline const MOST: i16 = 128

/** Bytes of a block all of whose groups are lone. */
// @ts-ignore: decorator
@inline export function loneBlockBytes(inputs: i32): usize {
  return HEADER_BYTES + <usize>(inputs >> 2) * LONE_BYTES
}

/** Whether four products of these groups, added up in 16 bits, may be too many. */
// @ts-ignore: decorator
@inline function mayPass(a: v128, b: v128): bool {
  const zero = i8x16.splat(0)
  const most = i16x8.splat(MOST)
  const above = i16x8.add(
    i16x8.extadd_pairwise_i8x16_s(i8x16.max_s(a, zero)), i16x8.extadd_pairwise_i8x16_s(i8x16.max_s(b, zero)),
  )
  const below = i16x8.add(
    i16x8.extadd_pairwise_i8x16_s(i8x16.min_s(a, zero)), i16x8.extadd_pairwise_i8x16_s(i8x16.min_s(b, zero)),
  )
  return v128.any_true(v128.or(i16x8.gt_s(above, most), i16x8.gt_s(i16x8.neg(below), most)))
}

/** Four inputs of four channels, whose rows are `inputs` bytes apart. */
// @ts-ignore: decorator
@inline function gather(from: usize, inputs: usize): v128 {
  let group = v128.load32_zero(from)
  group = v128.load32_lane(from + inputs, group, 1)
  group = v128.load32_lane(from + inputs * 2, group, 2)
  return v128.load32_lane(from + inputs * 3, group, 3)
}

/** Where the group of these inputs stands in a panel: its own number of bytes in each of four rows. */
// @ts-ignore: decorator
@inline export function placeInPanel(input: i32): i32 {
  return input << 2
}

// @ts-ignore: decorator
@inline function storeLone(to: usize, input: i32, group: v128): usize {
  store<i32>(to, placeInPanel(input))
  v128.store(to, group, 4)
  return to + LONE_BYTES
}

/** Writes four channels, and returns the end of their block. */
export function packBlock(from: usize, inputs: i32, to: usize): usize {
  const bytes = <usize>inputs
  const paired = to + HEADER_BYTES
  const end = paired + <usize>(inputs >> 3) * GROUP_BYTES * 2
  let lone = end
  for (let input = 0; input < inputs; input += 8) {
    const first = gather(from + <usize>input, bytes)
    if (input + 4 === inputs) {
      lone = storeLone(lone, input, first)
      break
    }
    const second = gather(from + <usize>input + 4, bytes)
    const isLone = mayPass(first, second)
    if (isLone) lone = storeLone(lone, input + 4, second)
    const place = paired + <usize>input * 4
    v128.store(place, first)
    v128.store(place, isLone ? i8x16.splat(0) : second, 16)
  }
  store<i32>(to, <i32>(end - paired))
  store<i32>(to, <i32>(lone - end), 4)
  return lone
}
