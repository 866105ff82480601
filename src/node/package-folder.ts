import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packagedModelName } from '../encoder/model/packaged-model.js'

/** The package's `dist`: the folder above this script, or what the build made of the sources. */
export const packageFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist' : '..', import.meta.url),
)

/** The folder of the model that the package brings. */
export const packagedModelFolder = join(packageFolder, 'models', packagedModelName)

/** The package's version. */
export function packageVersion(): string {
  const file = readFileSync(join(packageFolder, '..', 'package.json'), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}
