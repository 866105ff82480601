// node test/bench/thresholds.mjs: what scores mean, plain and centered, on labelled sets beside the repository.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('thresholds.ts', import.meta.url)))
