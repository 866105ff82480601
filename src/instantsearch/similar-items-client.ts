import type { EngineOptions } from '../engine/engine-options.js'
import { SimilarItemsError } from '../errors.js'
import type { Product } from '../types.js'
import { completeList, type SimilarSource } from './complete-list.js'
import { type LookingSimilarQuery, lookingSimilar } from './looking-similar.js'

export type { SimilarSource }

/** What the client works on: the settings of an engine, or an engine that the page has. */
export interface SimilarItemsClientOptions<Client extends object = object> extends EngineOptions {
  /** An engine that is open already, or will be; takes the place of `catalog` and the other settings of one. */
  readonly source?: SimilarSource | Promise<SimilarSource>
  /** The search client that the page has, which goes on answering everything else. */
  readonly client?: Client
  /**
   * A product as the record that the page's templates and filters know. Default: the product itself. `objectID` is
   * added where it is missing.
   */
  readonly toRecord?: (product: Product) => Readonly<Record<string, unknown>>
  /**
   * Milliseconds for which a list may wait for products that are still being encoded, as on a first visit without a
   * pack: InstantSearch keeps a list for as long as its widget is there. Default 10 000.
   */
  readonly patience?: number
}

/** What InstantSearch asks a client for. Its own types differ with the version of `algoliasearch` beside it. */
export interface SimilarItemsClient {
  /** Answers what concerns `looking-similar`; other models are asked of the page's own client. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  getRecommendations(queries: readonly any[]): Promise<{ results: any[] }>
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  search(queries: readonly any[], ...rest: any[]): Promise<any>
}

/**
 * A search client for InstantSearch (instantsearch.js, and its forms for React and Vue) whose `lookingSimilar` widgets
 * show visually similar products of a catalogue. Everything else is answered by `client`. Nothing is loaded before the
 * first such widget asks.
 *
 * A widget's `limit` and `threshold` (0 to 100, which is a cosine of 1) and, of its `queryParameters` and
 * `fallbackParameters`, `filters`, `facetFilters`, `numericFilters`, `tagFilters`, `hitsPerPage` and `distinct` mean what
 * they mean to Algolia. Others that would change a list are an error, which InstantSearch emits.
 */
export function similarItemsClient<Client extends object = object>(
  options: SimilarItemsClientOptions<Client>,
): Client & SimilarItemsClient {
  const { source, client, toRecord, patience = 10_000, ...engineOptions } = options
  const base = (client ?? {}) as Partial<SimilarItemsClient>
  let opening: Promise<SimilarSource> | null = null
  const open = () => {
    opening ??= Promise.resolve(source ?? openEngine(engineOptions)).catch((error: unknown) => {
      opening = null // The next question tries again.
      throw error
    })
    return opening
  }
  const answer = async (query: LookingSimilarQuery) => {
    const engine = await open()
    return lookingSimilar(query, (id, wanted) => completeList(engine, id, wanted, patience), toRecord)
  }
  const own: SimilarItemsClient = {
    async getRecommendations(queries) {
      const isOurs = ({ model }: { readonly model: string }) => model === 'looking-similar'
      const others = queries.filter((query) => !isOurs(query))
      const [ours, theirs] = await Promise.all([
        Promise.all(queries.filter(isOurs).map(answer)),
        others.length > 0 ? askOthers(base, others) : [],
      ])
      return { results: queries.map((query) => (isOurs(query) ? ours : theirs).shift()) }
    },
    async search(queries, ...rest) {
      if (base.search) return base.search(queries, ...rest)
      throw needsClient('A widget searches')
    },
  }
  return delegating(base, own) as Client & SimilarItemsClient
}

async function openEngine(options: EngineOptions): Promise<SimilarSource> {
  if (typeof document === 'undefined') {
    const message =
      'Similar items are found in the browser: render lookingSimilar widgets there alone, or give the client a source.'
    throw new SimilarItemsError('worker-unavailable', message)
  }
  const { acquireEngine } = await import('../engine/shared-engine.js')
  // Elements of the page with the same settings share it. It stays for as long as the page: widgets come and go.
  return acquireEngine(options).engine
}

async function askOthers(base: Partial<SimilarItemsClient>, queries: readonly { readonly model: string }[]) {
  if (!base.getRecommendations) {
    throw needsClient(`A widget asks for recommendations of the model "${queries[0]?.model}"`)
  }
  const { results } = await base.getRecommendations(queries)
  return [...results]
}

function needsClient(what: string): SimilarItemsError {
  const message = `${what}, which similar-items has no answer to: give similarItemsClient your search client as client.`
  return new SimilarItemsError('invalid-argument', message)
}

/**
 * An object that has `own` methods, and for everything else is `base`, which may be of a class with private state, or
 * frozen: nothing is promised of the proxy's target, which is empty.
 */
function delegating(base: object, own: SimilarItemsClient): object {
  const methods: Record<PropertyKey, unknown> = { ...own }
  const holderOf = (name: PropertyKey) => (Object.hasOwn(methods, name) ? methods : base)
  return new Proxy(
    {},
    {
      get(_, name) {
        if (Object.hasOwn(methods, name)) return methods[name]
        const value: unknown = Reflect.get(base, name, base)
        return typeof value === 'function' ? value.bind(base) : value
      },
      has: (_, name) => Reflect.has(holderOf(name), name),
      // InstantSearch puts a search of its own in front, where it has results of a server.
      set(_, name, value) {
        const isOwn = Object.hasOwn(methods, name)
        if (isOwn || !Reflect.set(base, name, value, base)) methods[name] = value
        return true
      },
      getPrototypeOf: () => Reflect.getPrototypeOf(base),
      ownKeys: () => [...new Set([...Reflect.ownKeys(base), ...Reflect.ownKeys(methods)])],
      getOwnPropertyDescriptor(_, name) {
        const found = Reflect.getOwnPropertyDescriptor(holderOf(name), name)
        return found && { ...found, configurable: true }
      },
    },
  )
}
