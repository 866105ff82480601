/** Random numbers that a seed fixes: the same seed gives the same numbers on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number
  /** A uniform 32-bit unsigned integer. */
  bits(): number
  /** Uniform in 0 .. `bound` - 1. */
  below(bound: number): number
}

/** The generator sfc32 (C. Doty-Humphrey, PractRand), which passes that suite's tests, seeded with one integer. */
export function seededRandom(seed: number): SeededRandom {
  let a = 0
  let b = seed | 0
  let c = Math.floor(seed / 2 ** 32) | 0
  let counter = 1
  const bits = () => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  // The first numbers of similar seeds are similar.
  for (let round = 0; round < 15; round++) bits()
  const next = () => bits() / 2 ** 32
  return { next, bits, below: (bound) => Math.floor(next() * bound) }
}

/** A random order of 0 .. `count` - 1 (Fisher and Yates). */
export function shuffledIndices(count: number, random: SeededRandom): Uint32Array<ArrayBuffer> {
  const indices = Uint32Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const kept = indices[last] as number
    indices[last] = indices[other] as number
    indices[other] = kept
  }
  return indices
}
