// node test/bench/tuned.mjs [--tunings NAME,NAME]: what tuning on one labelled set brings there, and costs on others.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('tuned.ts', import.meta.url)))
