import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'

/** The processor of this machine. */
export interface Processor {
  readonly name: string
  /** What it has of the instructions that decide how fast and how exactly 8-bit weights run; null where unknown. */
  readonly features: readonly string[] | null
}

/** The names of Linux, x86 then ARM. Without one with VNNI, x86 saturates the sums of 8-bit products. */
const telling = ['avx2', 'avx512f', 'avx512_vnni', 'avx_vnni', 'avx_vnni_int8', 'amx_int8', 'asimddp', 'i8mm']

/** The processor as the system names it. Linux alone says which instructions it has. */
export async function describeProcessor(): Promise<Processor> {
  const name = cpus()[0]?.model.trim() || 'unknown'
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => null) // Elsewhere there is no such file.
  const line = text && /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]
  if (!line) return { name, features: null }
  const has = new Set(line.trim().split(/\s+/))
  return { name, features: telling.filter((feature) => has.has(feature)) }
}
