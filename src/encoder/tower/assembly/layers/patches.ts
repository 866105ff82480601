/** Copies the patches of a picture `[3, size, size]` of floats to rows `[patches, 3 * patch * patch]`. */
export function gatherPatches(pixels: usize, size: i32, patch: i32, to: usize): void {
  const plane = <usize>(size * size) << 2
  const line = <usize>size << 2
  const bytes = <usize>patch << 2
  const perSide = size / patch
  for (let row = 0; row < perSide; row++) {
    for (let column = 0; column < perSide; column++) {
      const corner = pixels + <usize>(row * patch) * line + <usize>column * bytes
      for (let channel: usize = 0; channel < 3; channel++) {
        for (let y = 0; y < patch; y++) {
          memory.copy(to, corner + channel * plane + <usize>y * line, bytes)
          to += bytes
        }
      }
    }
  }
}
