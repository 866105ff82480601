import { SimilarItemsError } from './errors.js'
import { settleWithin } from './settle-within.js'

/** In seconds: an import says nothing while it waits, and cannot be ended. */
const importLimit = 30

/**
 * Scripts of the package that a page imports when it needs them.
 * @throws SimilarItemsError `runtime-unreachable` where they do not come.
 */
export async function loadCode<Code>(what: string, loading: Promise<Code>): Promise<Code> {
  const late = () => new Error(`it did not come within ${importLimit} seconds`)
  try {
    return await settleWithin(loading, importLimit, late)
  } catch (cause) {
    const message = `The code for ${what} could not be loaded. Deploy all files of the dist folder together.`
    throw new SimilarItemsError('runtime-unreachable', message, { cause, mayPass: true })
  }
}
