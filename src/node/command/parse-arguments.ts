import { parseArgs } from 'node:util'
import { SimilarItemsError } from '../../errors.js'
import type { Arguments, Command } from './command.js'
import { suggestion } from './suggestion.js'

/**
 * The arguments of a command; every one understands `--help`.
 * @throws SimilarItemsError `invalid-argument` for an option that it does not have, or a value that is missing or too much.
 */
export function parseArguments(name: string, command: Command, args: readonly string[]): Arguments {
  const options: Command['options'] = { ...command.options, help: { type: 'boolean', short: 'h' } }
  const { tokens, positionals, values } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const names = Object.keys(options).map((option) => `--${option}`)
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (!option) {
      const rest = `similar-items ${name} --help lists them all.`
      throw invalid(`${name} has no option "${token.rawName}".${suggestion(token.rawName, names)} ${rest}`)
    }
    const isText = option.type === 'string'
    if (isText && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw invalid(`--${token.name} needs a value: --${token.name}=VALUE.`)
    }
    if (!isText && token.value !== undefined) throw invalid(`--${token.name} takes no value.`)
  }
  return { positionals, values: values as Arguments['values'] }
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
