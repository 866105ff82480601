import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The instruction sets that decide how fast vectors are made and compared, by the names that systems give them. */
const known: readonly (readonly [name: string, ...spellings: string[]])[] = [
  ['SSE4.2', 'sse4_2', 'sse4.2'],
  ['AVX2', 'avx2'],
  ['FMA', 'fma'],
  ['AVX-512F', 'avx512f'],
  ['AVX-VNNI', 'avx_vnni'],
  ['AVX-512 VNNI', 'avx512_vnni', 'avx512vnni'],
  ['AMX-INT8', 'amx_int8'],
  ['NEON', 'asimd', 'neon'],
  ['NEON dot product', 'asimddp', 'feat_dotprod'],
  ['NEON I8MM', 'i8mm', 'feat_i8mm'],
]

/**
 * Which of them a system lists for its processor, such as `SSE4.2, AVX2, FMA; no VNNI`.
 * @param list what `/proc/cpuinfo` says on Linux, or `sysctl -a` on macOS.
 */
export function featuresIn(list: string): string {
  const words = new Set(
    list.split('\n').flatMap((line) => {
      const [name = '', value = ''] = line.toLowerCase().split(/:(.*)/, 2)
      // macOS has a line for each feature of ARM: `hw.optional.arm.FEAT_DotProd: 1`.
      const optional = /^hw\.optional\.(?:arm\.)?(\w+)$/.exec(name.trim())?.[1]
      return optional && value.trim() === '1' ? [optional] : value.trim().split(/\s+/)
    }),
  )
  const found = known.filter(([, ...spellings]) => spellings.some((spelling) => words.has(spelling)))
  const names = found.map(([name]) => name)
  if (names.length === 0) return 'unknown'
  const isX86 = names.some((name) => /SSE|AVX/.test(name))
  const hasDots = names.some((name) => /VNNI/.test(name))
  return names.join(', ') + (isX86 && !hasDots ? '; no VNNI' : '')
}

/** Those of this machine's processor; `unknown` where the system does not say. */
export function processorFeatures(): string {
  try {
    if (process.platform === 'darwin') {
      return featuresIn(execFileSync('sysctl', ['-a'], { encoding: 'utf8', maxBuffer: 2 ** 26 }))
    }
    return featuresIn(readFileSync('/proc/cpuinfo', 'utf8'))
  } catch (error) {
    console.warn('The features of the processor are not known:', error)
    return 'unknown'
  }
}
