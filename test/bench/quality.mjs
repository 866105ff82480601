// node test/bench/quality.mjs: retrieval quality of the shipped model on labelled sets, beside the repository.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('quality.ts', import.meta.url)))
