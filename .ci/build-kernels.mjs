/**
 * Compiles every `src/<room>/assembly/<name>.ts` (AssemblyScript) to `src/<room>/generated/<name>-wasm.ts`,
 * which carries the WebAssembly module as base64. Kernels may import what is in folders below `assembly`.
 * Does nothing for a kernel whose output is up to date.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** No garbage collector, no imports: the caller owns the linear memory from address 0. */
const options = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert']
const platform = ['--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', '--initialMemory', '1']
/** An engine without relaxed SIMD refuses the whole module, so such a kernel adds to another, in its memory. */
const relaxed = ['--enable', 'relaxed-simd', '--importMemory']
/**
 * Kernels that several threads may run are given their memory, which is new; its import has an upper bound, which shared
 * memory needs. Without the promise of zeroes each thread that starts would write them over the constants of the others.
 */
const threaded = ['--importMemory', '--maximumMemory', '65536', '--zeroFilledMemory']

for (const source of findKernels()) {
  const target = join(dirname(source), '..', 'generated', `${basename(source, '.ts')}-wasm.ts`)
  const sources = [fileURLToPath(import.meta.url), source, ...shared(dirname(source))]
  if (modified(target) >= Math.max(...sources.map(modified))) continue
  const wasm = await compile(source)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, typescriptModule(source, wasm))
  console.log(`compiled ${relative(root, source)} (${wasm.length} bytes)`)
}

function findKernels() {
  return readdirSync(join(root, 'src'), { recursive: true })
    .filter((path) => path.endsWith('.ts') && path.split(sep).at(-2) === 'assembly')
    .map((path) => join(root, 'src', path))
}

/** Everything in the folders below a folder of kernels. */
function shared(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.includes(sep))
    .map((path) => join(folder, path))
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

async function compile(source) {
  const { default: asc } = await import('assemblyscript/asc')
  let wasm
  const features = [
    ...platform,
    ...(source.endsWith('-relaxed.ts') ? relaxed : []),
    ...(source.split(sep).includes('tower') ? threaded : []),
  ]
  const { error, stderr } = await asc.main(
    [relative(root, source), '--baseDir', root, '--outFile', 'kernel.wasm', ...options, ...features],
    {
      writeFile(name, contents) {
        if (name === 'kernel.wasm') wasm = contents
      },
    },
  )
  if (error || !wasm)
    throw new Error(`${relative(root, source)} does not compile\n${stderr}`, { cause: error })
  return wasm
}

function typescriptModule(source, wasm) {
  const name = basename(source, '.ts')
  const functionName = `${name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}Wasm`
  return `// Made by .ci/build-kernels.mjs from ../assembly/${name}.ts; not in version control.

/** The WebAssembly module of \`assembly/${name}.ts\`. */
export function ${functionName}(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

const base64 =
  '${Buffer.from(wasm).toString('base64')}'
`
}
