import { describe, expect, test } from 'vitest'
import { featuresIn } from '../../bench/processor-features.js'

describe('featuresIn', () => {
  test.each([
    ['flags\t\t: fpu sse4_2 avx2 fma sha_ni', 'SSE4.2, AVX2, FMA; no VNNI'],
    [
      'model name : Some CPU\nflags : sse4_2 avx2 avx512f avx512_vnni',
      'SSE4.2, AVX2, AVX-512F, AVX-512 VNNI',
    ],
    ['flags : sse4_2 avx2 avx_vnni', 'SSE4.2, AVX2, AVX-VNNI'],
    ['Features\t: fp asimd asimddp i8mm', 'NEON, NEON dot product, NEON I8MM'],
    [
      'hw.optional.arm.FEAT_DotProd: 1\nhw.optional.arm.FEAT_I8MM: 0\nhw.optional.neon: 1',
      'NEON, NEON dot product',
    ],
    ['machdep.cpu.features: FPU SSE4.2 AVX1.0\nmachdep.cpu.leaf7_features: AVX2', 'SSE4.2, AVX2; no VNNI'],
    ['', 'unknown'],
  ])('reads %j', (list, features) => expect(featuresIn(list)).toBe(features))
})
