// node test/bench/fewer-steps.mjs: what merged tokens and smaller pictures cost and save, on labelled sets.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('fewer-steps.ts', import.meta.url)))
