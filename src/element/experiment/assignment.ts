import { SimilarItemsError } from '../../errors.js'
import { assignVariant } from '../../measure/experiment/assign-variant.js'
import { type PlainVariantSettings, parseVariants, type Variant } from './variants.js'

/** Who takes part in what. These are also properties of the element: `Object.assign(element, setup)`. */
export interface ExperimentSetup {
  /** Its name: part of the hash by which visitors are divided. */
  readonly experiment: string
  /** What the page knows the visitor by, such as a first-party cookie; empty for visitors who do not take part. */
  readonly visitor: string
  /** In the order in which they divide the visitors. */
  readonly variants: readonly Variant[]
}

/** The variant that a visitor sees. */
export interface Assignment {
  readonly experiment: string
  readonly variant: string
  readonly visitor: string
  readonly settings: PlainVariantSettings
}

/** @throws SimilarItemsError `invalid-argument` for a setup that divides nobody. */
export function assign({ experiment, visitor, variants }: ExperimentSetup): Assignment {
  if (!experiment) throw invalid('the experiment needs a name')
  if (!visitor) throw invalid('the visitor property must be what the page knows this visitor by')
  const parsed = parseVariants(variants)
  const variant = chooseVariant(experiment, visitor, parsed)
  const settings = parsed.find(({ name }) => name === variant)?.settings ?? {}
  return { experiment, variant, visitor, settings }
}

function chooseVariant(...args: Parameters<typeof assignVariant>): string {
  try {
    return assignVariant(...args)
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid(cause.message, cause)
    throw cause
  }
}

function invalid(message: string, cause?: unknown): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${message}.`, { cause })
}
