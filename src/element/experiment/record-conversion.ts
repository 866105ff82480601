import { SiConversionEvent } from '../events.js'
import { assign, type ExperimentSetup } from './assignment.js'
import type { ConversionRecord } from './records.js'

/**
 * Dispatches `si-conversion` on the document: the visitor did what the shop counts as success. It needs no element and
 * no exposure on the same page, because the setup says which variant the visitor sees.
 * @returns the record, or null for a visitor who does not take part because the key is empty.
 * @throws SimilarItemsError `invalid-argument` for a setup that divides nobody.
 */
export function recordConversion(setup: ExperimentSetup): ConversionRecord | null {
  if (!setup.visitor) return null
  const { experiment, variant, visitor } = assign(setup)
  const record: ConversionRecord = { experiment, variant, visitor, type: 'conversion', time: Date.now() }
  document.dispatchEvent(new SiConversionEvent(record))
  return record
}
