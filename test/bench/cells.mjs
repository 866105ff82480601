// node test/bench/cells.mjs: how much of a full scan pages find in the nearest cells, on the labelled pictures.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('cells.ts', import.meta.url)))
