import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Makes `node_modules` match `package-lock.json`: runs `npm ci` where it does not, and nothing where it does.
 * Scripts call it themselves because `.npmrc` sets `ignore-scripts` (onnxruntime-node would download CUDA
 * libraries), which also turns off `pretest` and its like.
 *
 * @throws {Error} when npm fails.
 */
export function install() {
  const reason = staleReason(root)
  if (reason === null) return
  console.log(`npm ci (${reason})`)
  runNpm(['ci', '--no-audit', '--no-fund'], root)
}

/**
 * Runs npm in a folder and shows what it prints.
 *
 * @param {readonly string[]} args
 * @param {string} folder
 * @throws {Error} when npm exits with anything but 0.
 */
export function runNpm(args, folder) {
  const { status, error } = spawnSync('npm', args, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${folder}`, { cause: error })
}

/**
 * Why `npm ci` is needed in `folder`, or null. Compares the lock file with the one npm leaves in `node_modules`,
 * so that an `npm install` by hand counts as well.
 *
 * @param {string} folder
 * @returns {string | null}
 */
export function staleReason(folder) {
  const left = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(left)) return 'node_modules is absent'
  const wanted = readPackages(join(folder, 'package-lock.json'))
  const installed = readPackages(left)
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '') continue
    const found = installed[path]?.version
    // An optional package is usually absent because it is for another platform.
    if (found === undefined && (optional || devOptional)) continue
    if (found !== version) return `${path} is ${found ?? 'absent'}, the lock file says ${version}`
    if (!existsSync(join(folder, path, 'package.json'))) return `${path} is gone`
  }
  return null
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install()
