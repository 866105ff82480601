import { SimilarItemsError } from '../../errors.js'
import type { VectorFormat } from '../../vectors/encoded-vectors.js'
import type { ProjectionChoice, ProjectionOptions } from '../indexing/choose-projection.js'
import { type Arguments, type Command, countOption, textOption, wordOption } from './command.js'

/** The options of commands that write a pack. */
export const projectionOptions = {
  dims: { type: 'string' },
  projection: { type: 'string' },
  center: { type: 'boolean' },
  refit: { type: 'boolean' },
  format: { type: 'string' },
} satisfies Command['options']

export const projectionHelp = `  --dims N              project the vectors to N dimensions
  --projection HOW      pca: fitted to the catalogue (default with --dims); cut: the first N numbers;
                        or the file that tune wrote, all of it or its first N dimensions
  --center              subtract the mean of the catalogue's vectors from each: for lists of similar items, not
                        where shoppers search by photo
  --refit               fit mean and projection anew instead of keeping those of the last run
  --format int8|f32     numbers of the pack (default int8)`

/** What the options of `projectionOptions` say. @throws SimilarItemsError `invalid-argument`. */
export function readProjectionOptions(
  given: Arguments,
): ProjectionOptions & { readonly format: VectorFormat | undefined } {
  const format = wordOption(given, 'format', ['int8', 'f32'])
  return {
    projection: projectionOf(given),
    center: given.values.center === true ? true : undefined,
    refit: given.values.refit === true,
    format: format === 'f32' ? 'float32' : format,
  }
}

function projectionOf(given: Arguments): ProjectionChoice | undefined {
  const dimensions = countOption(given, 'dims')
  const how = textOption(given, 'projection') ?? 'pca'
  const isFitted = how === 'pca'
  if (!isFitted && how !== 'cut') return { kind: 'file', path: how, dimensions }
  if (dimensions !== undefined) return { kind: isFitted ? 'pca' : 'cut', dimensions }
  if (given.values.projection === undefined) return undefined
  throw new SimilarItemsError('invalid-argument', `--projection ${how} needs --dims.`)
}
