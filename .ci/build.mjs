// Builds the package into dist/: kernels, page entries, worker, command line, types, what describes the elements, ONNX
// Runtime's files, the model.
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => `${root}node_modules/.bin/${name}`
const runtime = `${root}node_modules/onnxruntime-web/dist/`
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

rmSync(`${root}dist`, { recursive: true, force: true })
run(process.execPath, '.ci/build-kernels.mjs')
run(bin('vite'), 'build', '--logLevel', 'warn')
run(bin('vite'), 'build', '--mode', 'encoding', '--logLevel', 'warn')
run(bin('vite'), 'build', '--mode', 'heic', '--logLevel', 'warn')
run(bin('vite'), 'build', '--mode', 'worker', '--logLevel', 'warn')
run(bin('vite'), 'build', '--mode', 'node', '--logLevel', 'warn')
run(bin('tsc'), '-p', 'src/tsconfig.json')
run(process.execPath, '.ci/describe-elements.mjs')

mkdirSync(`${root}dist`, { recursive: true })
for (const build of ['wasm', 'jspi']) copyScript(`ort.${build}.min.mjs`)
for (const build of ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.jspi']) {
  for (const extension of ['wasm', 'mjs']) {
    const file = `${build}.${extension}`
    copyFileSync(`${runtime}${file}`, `${root}dist/${file}`)
  }
}
cpSync(`${root}public/models`, `${root}dist/models`, { recursive: true })

/** Copies a script of ONNX Runtime without the address of its source map, which is not published. */
function copyScript(file) {
  const code = readFileSync(`${runtime}${file}`, 'utf8')
  writeFileSync(`${root}dist/${file}`, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'))
}
