// node test/bench/centering.mjs: what centering does to lists of similar items and to photo search, on labelled sets.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('centering.ts', import.meta.url)))
