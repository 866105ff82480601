/**
 * A picture that any program can make from a whole number: a still life of seven shaded things before a plain wall.
 * It looks enough like a photo of products to reach the large activations that photos reach, where a pattern of stripes
 * does not. Whole numbers alone decide every byte; divisions round towards zero.
 *
 * The numbers come from xorshift32 (Marsaglia 2003, shifts 13, 17, 5), whose state begins at `seed` and whose first two
 * numbers are dropped. `between(a, b)` is a plus the next number modulo b - a. Positions are in 1024ths of the picture.
 * Drawn in order: the colour of the wall at its top, then at its bottom, then the things, each as it reads below.
 *
 * @param seed 1 to 2^32 - 1.
 * @returns RGB bytes `[height, width, 3]`.
 */
export function stillLife(seed: number, width: number, height: number): Uint8Array {
  const between = numbersFrom(seed)
  const top = [between(170, 256), between(170, 256), between(170, 256)] as const
  const bottom = [between(90, 256), between(90, 256), between(90, 256)] as const
  const things = Array.from({ length: 7 }, () => drawThing(between))
  const rgb = new Uint8Array(width * height * 3)
  let offset = 0
  for (let row = 0; row < height; row++) {
    const y = toGrid(row, height)
    for (let column = 0; column < width; column++) {
      const x = toGrid(column, width)
      for (const channel of [0, 1, 2] as const) {
        const wall = Math.trunc((top[channel] * (1024 - y) + bottom[channel] * y) / 1024)
        rgb[offset++] = paint(things, x, y, channel) ?? wall
      }
    }
  }
  return rgb
}

/**
 * The picture of folders with one reference vector: R = 5x mod 256, G = 3y mod 256, B = 255 in the odd squares of a
 * 16-pixel chequerboard.
 * @returns RGB bytes `[height, width, 3]`.
 */
export function chequerboard(width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3)
  let offset = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rgb[offset++] = (5 * x) % 256
      rgb[offset++] = (3 * y) % 256
      rgb[offset++] = ((x >> 4) + (y >> 4)) % 2 === 1 ? 255 : 0
    }
  }
  return rgb
}

type Between = (from: number, before: number) => number

type Thing = ReturnType<typeof drawThing>

function drawThing(between: Between) {
  return {
    isRound: between(0, 3) > 0,
    centre: { x: between(150, 874), y: between(200, 874) },
    radius: { x: between(60, 380), y: between(60, 380) },
    color: [between(0, 256), between(0, 256), between(0, 256)] as const,
    /** How much lighter it is at its right and lower edge. */
    light: { x: between(-90, 91), y: between(-90, 91) },
    /** Width of its stripes, and how much lighter every other one is. */
    stripe: between(12, 90),
    depth: between(0, 2) === 1 ? between(0, 60) : 0,
  }
}

/** The brightness at a point of the last thing that covers it. */
function paint(things: readonly Thing[], x: number, y: number, channel: 0 | 1 | 2): number | null {
  for (let index = things.length - 1; index >= 0; index--) {
    const { isRound, centre, radius, color, light, stripe, depth } = things[index] as Thing
    const dx = Math.trunc(((x - centre.x) * 256) / radius.x)
    const dy = Math.trunc(((y - centre.y) * 256) / radius.y)
    const isInside = isRound ? dx * dx + dy * dy < 65536 : Math.abs(dx) < 256 && Math.abs(dy) < 256
    if (!isInside) continue
    const stripes = Math.trunc((x + y) / stripe) % 2 === 1 ? depth : 0
    const shade = Math.trunc((light.x * dx + light.y * dy) / 256) + stripes
    return Math.min(255, Math.max(0, color[channel] + shade))
  }
  return null
}

/** The middle of a pixel in 1024ths. */
function toGrid(pixel: number, size: number): number {
  return Math.trunc(((2 * pixel + 1) * 512) / size)
}

function numbersFrom(seed: number): Between {
  let state = seed >>> 0
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  next()
  next()
  return (from, before) => from + (next() % (before - from))
}
