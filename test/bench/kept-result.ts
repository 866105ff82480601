import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Where results come from: a change of these is another result. */
const sources = ['src/measure/', 'src/vectors/', 'src/tune/', 'test/bench/']

/**
 * What `compute` gives, kept in `.cache` for as long as the code and `data` stay what they are, so that a run that was
 * ended goes on where it was. It has to survive JSON.
 * @param path the file without its ending.
 * @param data all that the result depends on beside the code.
 */
export async function keptResult<T>(
  path: string,
  data: Iterable<string | Uint8Array>,
  compute: () => Promise<T>,
): Promise<T> {
  const hash = createHash('sha256')
  for (const folder of sources) {
    const files = readdirSync(root + folder).filter((name) => name.endsWith('.ts'))
    for (const name of files.sort()) hash.update(readFileSync(root + folder + name))
  }
  for (const part of data) hash.update(part).update('\0')
  const file = `${path}-${hash.digest('hex').slice(0, 16)}.json`
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T
  const result = await compute()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(result))
  return result
}
