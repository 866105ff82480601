// node test/bench/demo-scores.mjs: which scores products of one shelf have in the demo's catalogues.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('demo-scores.ts', import.meta.url)))
