import { isSimilarItemsError, SimilarItemsError } from '../errors.js'

/** `storage-unavailable` for a failure of IndexedDB, with what can be done about it. */
export function storageUnavailable(cause: unknown): SimilarItemsError {
  const detail =
    cause instanceof Error ? (advice[cause.name] ?? `${cause.name}: ${cause.message}`) : String(cause)
  const message = `IndexedDB cannot be used, so vectors are kept for this page only. ${detail}`
  return new SimilarItemsError('storage-unavailable', message, { cause })
}

/** `storage-corrupt` for records that were dropped. */
export function storageCorrupt(subject: string, detail: string): SimilarItemsError {
  const message = `What was stored for ${subject} is damaged and was dropped; it is made again. ${detail}`
  return new SimilarItemsError('storage-corrupt', message, { subject })
}

/** `engine-closed` for calls on a closed store. */
export function storeClosed(): SimilarItemsError {
  return new SimilarItemsError('engine-closed', 'The store is closed; open a new one.')
}

export function isQuotaExceeded(error: unknown): boolean {
  return causeOf(error) === 'QuotaExceededError'
}

/**
 * Whether a read may have failed because of the record alone. Browsers keep large values in files of their own,
 * and say NotReadableError (Chromium), DataError (older ones) or UnknownError where such a file is lost.
 */
export function isUnreadable(error: unknown): boolean {
  return ['NotReadableError', 'DataError', 'UnknownError'].includes(causeOf(error))
}

function causeOf(error: unknown): string {
  const failed = isSimilarItemsError(error, 'storage-unavailable') && error.cause instanceof Error
  return failed ? (error.cause as Error).name : ''
}

const advice: Readonly<Record<string, string>> = {
  QuotaExceededError: 'The browser grants this site no more storage.',
  ReferenceError: 'There is no IndexedDB here.',
  SecurityError: 'The browser denies this page storage: it is sandboxed, or site data is blocked.',
  VersionError: 'Another tab has a newer version of this page open; reload this one.',
}
