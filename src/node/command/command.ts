import type { ParseArgsConfig } from 'node:util'
import { SimilarItemsError } from '../../errors.js'

export interface Terminal {
  /** Answers to questions. Default: the process's. */
  readonly in?: NodeJS.ReadableStream
  /** Results. */
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  /** Progress and complaints. */
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
}

/** What stands on the command line behind the command's name. */
export interface Arguments {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

/** One command of the command line. */
export interface Command {
  /** Arguments as the usage line shows them. */
  readonly usage: string
  /** One line. */
  readonly summary: string
  /** Shown by `--help`, below the summary: a line for every option. */
  readonly help: string
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Number of positional arguments, or the fewest and the most. */
  readonly arity: number | readonly [least: number, most: number]
  /** @returns the exit code. */
  run(given: Arguments, terminal: Terminal, signal: AbortSignal): Promise<number>
}

export function textOption({ values }: Arguments, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** Words with commas between them. */
export function listOption(given: Arguments, name: string): string[] | undefined {
  return textOption(given, name)
    ?.split(',')
    .map((word) => word.trim())
}

/** @throws SimilarItemsError `invalid-argument` where it is absent. */
export function requiredOption(given: Arguments, name: string): string {
  const value = textOption(given, name)
  if (value) return value
  throw new SimilarItemsError('invalid-argument', `--${name} is missing.`)
}

/** A positive whole number. @throws SimilarItemsError `invalid-argument`. */
export function countOption(given: Arguments, name: string): number | undefined {
  const value = textOption(given, name)
  if (value === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
  throw new SimilarItemsError(
    'invalid-argument',
    `--${name} takes a positive whole number; it is "${value}".`,
  )
}

/** A number from `least` to `most`. @throws SimilarItemsError `invalid-argument`. */
export function numberOption(
  given: Arguments,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const value = textOption(given, name)
  if (value === undefined) return undefined
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (number >= least && number <= most) return number
  throw new SimilarItemsError(
    'invalid-argument',
    `--${name} takes a number from ${least} to ${most}; it is "${value}".`,
  )
}

/** One of a list of words. @throws SimilarItemsError `invalid-argument`. */
export function wordOption<Word extends string>(
  given: Arguments,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = textOption(given, name)
  const word = words.find((word) => word === value)
  if (value === undefined || word) return word
  throw new SimilarItemsError(
    'invalid-argument',
    `--${name} takes one of ${words.join(', ')}; it is "${value}".`,
  )
}
