/**
 * Copies patches `first` up to, and without, `last` of a picture `[3, size, size]` of floats to rows of
 * `3 * patch * patch`.
 */
export function gatherPatches(pixels: usize, size: i32, patch: i32, first: i32, last: i32, to: usize): void {
  const plane = <usize>(size * size) << 2
  const line = <usize>size << 2
  const bytes = <usize>patch << 2
  const perSide = size / patch
  for (let index = first; index < last; index++) {
    const corner = pixels + <usize>(index / perSide * patch) * line + <usize>(index % perSide) * bytes
    for (let channel: usize = 0; channel < 3; channel++) {
      for (let y = 0; y < patch; y++) {
        memory.copy(to, corner + channel * plane + <usize>y * line, bytes)
        to += bytes
      }
    }
  }
}
