import { isAbort, SimilarItemsError } from '../../errors.js'
import { packageVersion } from '../package-folder.js'
import { cellsCommand } from './cells-command.js'
import type { Command, Terminal } from './command.js'
import { conformanceCommand } from './conformance-command.js'
import { copyCommand } from './copy-command.js'
import { doctorCommand } from './doctor-command.js'
import { evaluateCommand } from './evaluate-command.js'
import { experimentCommand } from './experiment-command.js'
import { indexCommand } from './index-command.js'
import { initCommand } from './init/init-command.js'
import { inspectCommand } from './inspect-command.js'
import { mergeCommand } from './merge-command.js'
import { modelCommand } from './model-command.js'
import { neighborsCommand } from './neighbors-command.js'
import { parseArguments } from './parse-arguments.js'
import { pushCommand } from './push-command.js'
import { searchCommand } from './search-command.js'
import { suggestion } from './suggestion.js'
import { tuneCommand } from './tune-command.js'

const commands: Readonly<Record<string, Command>> = {
  init: initCommand,
  copy: copyCommand,
  index: indexCommand,
  merge: mergeCommand,
  neighbors: neighborsCommand,
  cells: cellsCommand,
  push: pushCommand,
  conformance: conformanceCommand,
  inspect: inspectCommand,
  search: searchCommand,
  doctor: doctorCommand,
  model: modelCommand,
  evaluate: evaluateCommand,
  tune: tuneCommand,
  experiment: experimentCommand,
}

/** What the process ends with. */
export const exitCodes = { done: 0, failed: 1, usage: 2, skipped: 3, interrupted: 130 } as const

/**
 * Runs one command of `similar-items`.
 * @param argv what follows the program's name.
 * @param signal its abort ends the command with `exitCodes.interrupted`.
 * @returns the exit code. Errors are told on `terminal.err`, not thrown.
 */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const [name = '', ...rest] = argv
  if (name === '' || name === '--help' || name === '-h' || name === 'help') {
    terminal.out.write(overview())
    return name === '' ? exitCodes.usage : exitCodes.done
  }
  if (name === '--version' || name === '-v') {
    terminal.out.write(`${packageVersion()}\n`)
    return exitCodes.done
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    terminal.err.write(
      `similar-items has no command "${name}".${suggestion(name, Object.keys(commands))}\n\n${overview()}`,
    )
    return exitCodes.usage
  }
  try {
    const given = parseArguments(name, command, rest)
    if (given.values.help) {
      terminal.out.write(`${usageOf(name, command)}\n\n${command.summary}\n\n${command.help}\n`)
      return exitCodes.done
    }
    const [least, most] = typeof command.arity === 'number' ? [command.arity, command.arity] : command.arity
    if (given.positionals.length < least || given.positionals.length > most) {
      terminal.err.write(`${usageOf(name, command)}\n`)
      return exitCodes.usage
    }
    return await command.run(given, terminal, signal)
  } catch (error) {
    if (signal.aborted || isAbort(error)) {
      terminal.err.write('Interrupted.\n')
      return exitCodes.interrupted
    }
    terminal.err.write(`${messageOf(error)}\n`)
    const isUsage = error instanceof SimilarItemsError && error.code === 'invalid-argument'
    return isUsage ? exitCodes.usage : exitCodes.failed
  }
}

function overview(): string {
  const lines = Object.entries(commands).map(
    ([name, { usage, summary }]) => `  similar-items ${name} ${usage}\n      ${summary}`,
  )
  return `Similar items for a shop: its files copied, its vectors made before pages load.\n\n${lines.join('\n')}\n\nEach takes --help; --version prints the version.\n`
}

function usageOf(name: string, { usage }: Command): string {
  return `Usage: similar-items ${name} ${usage}`
}

/** Errors of this package say what to do; of others the stack is what there is. */
function messageOf(error: unknown): string {
  if (error instanceof SimilarItemsError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
