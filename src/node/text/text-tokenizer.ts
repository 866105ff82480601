import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import { isMissing } from '../files/file-fetch.js'
import { loadOptional } from '../optional-package.js'

/** Texts to token numbers, as many for every text as SigLIP was trained with. */
export interface Tokenizer {
  readonly length: number
  /** `length` numbers: a longer text is cut before its end mark, a shorter one filled up. */
  encode(text: string): number[]
}

/** All SigLIP and SigLIP 2 models. */
const usualLength = 64
/** `model_max_length` of a tokenizer without a limit is a number beyond any use. */
const longestLength = 4096

/**
 * The tokenizer of a model folder: `tokenizer.json`, and `tokenizer_config.json` for the length and the token that
 * fills up. SigLIP attends to the filling, so that every text must have as much of it as in training.
 * @throws SimilarItemsError `package-missing`, `model-unreachable`, `model-invalid`.
 */
export async function openTokenizer(folder: string): Promise<Tokenizer> {
  const path = join(folder, 'tokenizer.json')
  const [definition, config] = await Promise.all([
    readJson(path),
    readJson(join(folder, 'tokenizer_config.json')),
  ])
  const { Tokenizer } = await loadOptional('@huggingface/tokenizers')
  const tokenizer = build(path, () => new Tokenizer(definition, config))
  const stated = config.model_max_length
  const length = typeof stated === 'number' && stated <= longestLength ? stated : usualLength
  const filling = tokenizer.token_to_id(tokenText(config.pad_token) ?? '</s>')
  if (filling === undefined) throw invalid(path, 'does not know the "pad_token" of tokenizer_config.json')
  return {
    length,
    encode(text) {
      const { ids } = tokenizer.encode(text)
      if (ids.length <= length) return [...ids, ...Array<number>(length - ids.length).fill(filling)]
      // What stands behind the text, such as its end mark, stays.
      const bare = tokenizer.encode(text, { add_special_tokens: false }).ids.length
      const behind = ids.slice(ids.length - Math.min(1, ids.length - bare))
      return [...ids.slice(0, length - behind.length), ...behind]
    },
  }
}

function build<T>(path: string, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw invalid(path, 'is no tokenizer that can be used', cause)
  }
}

/** A token is a text, or an object with one. */
function tokenText(token: unknown): string | undefined {
  if (typeof token === 'string') return token
  const content = (token as { content?: unknown } | null | undefined)?.content
  return typeof content === 'string' ? content : undefined
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(path, 'is not JSON', cause)
    const what = isMissing(cause) ? 'does not exist' : 'cannot be read'
    throw new SimilarItemsError('model-unreachable', `${path} ${what}. A text tower needs this file.`, {
      cause,
      subject: path,
    })
  }
  throw invalid(path, 'is not an object')
}

function invalid(path: string, what: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('model-invalid', `${path} ${what}.`, { cause, subject: path })
}
