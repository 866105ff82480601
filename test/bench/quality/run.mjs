import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

/*
 * node test/bench/quality/run.mjs NAME [ARGUMENT ...]: one of the benchmarks that need no browser.
 *
 * tune                          how long it takes to fit a projection, and which matrix product is fastest
 * demo-scores                   which scores products of one shelf have in the demo's catalogues
 *
 * On labelled pictures beside the repository; each says so where they are absent:
 *
 * quality                       retrieval with the shipped model
 * tuned [--tunings NAME,NAME]   what tuning on one set brings there, and costs on others
 * thresholds                    what scores mean, plain and centered
 * centering                     what centering does to lists of similar items and to photo search
 * crop-proposal [SHARE]         the whole picture against the part that the encoder proposes
 * cells                         how much of a full scan pages find in the nearest cells
 * fewer-steps                   what merged tokens and smaller pictures cost and save
 */

// The benchmark reads the arguments that are left.
const [name] = process.argv.splice(2, 1)
await runnerImport(fileURLToPath(new URL(`${name}.ts`, import.meta.url)))
