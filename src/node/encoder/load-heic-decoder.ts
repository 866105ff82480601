import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { HeicDecoderModule } from '../../encoder/decode/heic/decoder-module.js'
import { SimilarItemsError } from '../../errors.js'

/**
 * Loads the module that decodes HEIC pictures.
 * @throws SimilarItemsError `decoder-failed`.
 */
export async function loadHeicDecoder(path: string): Promise<HeicDecoderModule> {
  const failed = (what: string, cause?: unknown) =>
    new SimilarItemsError('decoder-failed', `The HEIC decoder ${path} ${what}.`, { cause, subject: path })
  const url = pathToFileURL(resolve(path)).href
  const module = (await import(url).catch((cause: unknown) => {
    throw failed('cannot be loaded', cause)
  })) as Partial<HeicDecoderModule>
  if (typeof module.decode !== 'function') throw failed('exports no function named decode')
  return module as HeicDecoderModule
}
