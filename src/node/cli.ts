#!/usr/bin/env node
import { runCommandLine } from './command/command-line.js'

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second one ends the process at once: the handler is gone then.
  process.once(signal, () => interruption.abort())
}
process.exitCode = await runCommandLine(
  process.argv.slice(2),
  { out: process.stdout, err: process.stderr },
  interruption.signal,
)
