/**
 * `node demo/start.mjs` builds the package and the demo shop and serves it; `--build` only builds.
 * Dependencies are installed first where they are missing, so only Node's own modules are imported up here.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { install } from '../.ci/install.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

install()
const { status } = spawnSync(process.execPath, [here('../.ci/build.mjs')], { stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const { build, preview } = await import('vite')
const configFile = here('./vite.config.ts')
const isServed = !process.argv.includes('--build')
// Pages that a server comes with may ask its database; static ones do not know of it.
const mode = isServed ? 'database' : 'production'
await build({ configFile, mode, logLevel: 'warn' })

if (isServed) {
  const server = await preview({ configFile, mode })
  console.log('\nThe shop is open (Ctrl+C closes it):')
  server.printUrls()
}
