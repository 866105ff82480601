// node test/bench/tune.mjs: how long it takes to fit a projection, and which matrix product is fastest.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('tune.ts', import.meta.url)))
