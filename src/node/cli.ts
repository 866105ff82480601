#!/usr/bin/env node
import { exitCodes, runCommandLine } from './command/command-line.js'

/** Milliseconds in which a command has to end by itself. */
const patience = 5000

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second one ends the process at once: the handler is gone then.
  process.once(signal, () => {
    interruption.abort()
    // Whatever does not listen: what was finished is on disk.
    setTimeout(() => process.exit(exitCodes.interrupted), patience).unref()
  })
}
process.exitCode = await runCommandLine(
  process.argv.slice(2),
  { out: process.stdout, err: process.stderr },
  interruption.signal,
)
