// node test/bench/crop-proposal.mjs [share]: retrieval with the whole picture against the part that the encoder proposes.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

await runnerImport(fileURLToPath(new URL('crop-proposal.ts', import.meta.url)))
