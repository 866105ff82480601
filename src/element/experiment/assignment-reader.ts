import { isSimilarItemsError, SimilarItemsError } from '../../errors.js'
import type { Assignment, assign, ExperimentSetup } from './assignment.js'
import type { Variant } from './variants.js'

/** The properties of an element that decide on its variant. */
type Settings = Omit<ExperimentSetup, 'variants'> & { readonly variants: readonly Variant[] | null }

interface ReaderEvents {
  /** `read` knows more than before. */
  loaded(): void
  reportError(error: SimilarItemsError): void
}

/** Follows which variant an element shows. What it takes to know is loaded where there is an experiment. */
export class AssignmentReader {
  readonly #element: Settings
  readonly #events: ReaderEvents
  #loading: Promise<void> | null = null
  #assign: typeof assign | null = null
  #isBroken = false
  #setup: Settings | null = null
  #assignment: Assignment | null = null
  #problem = ''
  #told = ''

  constructor(element: Settings, events: ReaderEvents) {
    this.#element = element
    this.#events = events
  }

  /**
   * The same object until the experiment, the visitor or the variants change. Null where there is no experiment, or one
   * that `warn` has something to say about; undefined while nobody knows yet.
   */
  read(): Assignment | null | undefined {
    const { experiment, visitor, variants } = this.#element
    if (experiment === '' || this.#isBroken) return null
    if (!this.#assign) {
      void this.load()
      return undefined
    }
    const known = this.#setup
    if (known?.experiment !== experiment || known.visitor !== visitor || known.variants !== variants) {
      this.#setup = { experiment, visitor, variants }
      this.#decide(this.#assign, { experiment, visitor, variants: variants ?? [] })
    }
    return this.#assignment
  }

  /** Resolves once `read` knows; what keeps it from knowing is reported. */
  load(): Promise<void> {
    if (this.#element.experiment === '') return Promise.resolve()
    this.#loading ??= import('./assignment.js')
      .then((code) => {
        this.#assign = code.assign
      })
      .catch((cause: unknown) => {
        this.#isBroken = true
        const message =
          'The code for experiments could not be loaded; the element shows its own settings. Deploy all files of the ' +
          'dist folder together.'
        this.#events.reportError(new SimilarItemsError('runtime-unreachable', message, { cause }))
      })
      .finally(() => this.#events.loaded())
    return this.#loading
  }

  /** Tells the shop's developers what keeps the experiment from taking place, once. */
  warn(): void {
    if (this.#problem === this.#told) return
    this.#told = this.#problem
    if (this.#problem) console.warn(this.#problem)
  }

  #decide(decide: typeof assign, setup: ExperimentSetup): void {
    try {
      this.#assignment = decide(setup)
      this.#problem = ''
    } catch (error) {
      if (!isSimilarItemsError(error)) throw error
      this.#assignment = null
      this.#problem =
        `<similar-items> experiment="${setup.experiment}": ${error.message} The element shows its own settings, and ` +
        'nothing is recorded for the experiment.'
    }
  }
}
