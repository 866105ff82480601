import asc from 'assemblyscript/asc'

/** Sums, each of which waits for itself alone: enough to keep the units that multiply busy, and few enough for registers. */
const chains = [...'abcdefghijkl']

/** Products and sums alone, in registers: what a kernel of these instructions cannot pass. Returns multiply-adds. */
function loop(name: string, perStep: number, step: (sum: string) => string): string {
  return `export function ${name}(steps: i32): f64 {
    const ones = i16x8.splat(<i16>(steps > 0)), w = i8x16.splat(<i8>(steps & 63)), v = i8x16.splat(<i8>(steps & 31))
    ${chains.map((sum, index) => `let ${sum} = i32x4.splat(steps + ${index})`).join('\n')}
    for (let step = 0; step < steps; step++) {
      ${chains.map((sum) => `${sum} = ${step(sum)}`).join('\n')}
    }
    const all = ${chains.reduce((left, right) => `v128.xor(${left}, ${right})`)}
    return <f64>steps * ${chains.length * perStep} + <f64>(i32x4.extract_lane(all, 0) & 1)
  }`
}

const source = [
  loop('pairs', 32, (sum) => {
    const products = `i16x8.relaxed_dot_i8x16_i7x16_s(w, ${sum})`
    return `i32x4.add(${sum}, i32x4.dot_i16x8_s(i16x8.add(${products}, ${products.replace('(w', '(v')}), ones))`
  }),
  loop('dots', 16, (sum) => `i32x4.relaxed_dot_i8x16_i7x16_add_s(${sum}, w, ${sum})`),
  loop('simd', 8, (sum) => `i32x4.add(${sum}, i32x4.dot_i16x8_s(${sum}, ones))`),
].join('\n')

/** A WebAssembly module with a function for each arithmetic of the kernel, by its name there without `relaxed-`. */
export async function instructionLimit(): Promise<Uint8Array> {
  const { binary, error, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: 'stub',
    enable: ['simd', 'relaxed-simd'],
  })
  if (!binary) throw new Error(`The loop does not compile. ${stderr.toString()}`, { cause: error })
  return binary
}
