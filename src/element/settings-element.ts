import type { Product } from '../types.js'
import {
  type AnalyticsMode,
  type AttributeName,
  type AttributeValue,
  attributeNames,
  attributeProblem,
  type LoadingMode,
  readAttribute,
  type StorageMode,
} from './attributes.js'
import type { Variant } from './experiment/variants.js'
import type { CardRenderer } from './list/render-card.js'
import type { FilterName } from './photo-search/search/product-filters.js'
import type { ProductLoader } from './question/neighbor-list.js'
import { watchLanguage } from './words/language.js'
import type { ElementStrings } from './words/strings.js'

/** A picture that a shop offers for trying the photo search. */
export interface SamplePhoto {
  readonly src: string
  /** What it shows: the text of its button. */
  readonly label: string
}

/** In Node there are no elements; the class must still be importable there. */
const BaseElement = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

/** The properties that pages set, those that attributes have and the others. */
export const settingNames = [
  'catalog',
  'engineUrl',
  'cells',
  'neighbors',
  'products',
  'item',
  'model',
  'projection',
  'assets',
  'heicDecoder',
  'heading',
  'headingLevel',
  'limit',
  'minScore',
  'diversity',
  'perGroup',
  'loading',
  'storage',
  'photoSearch',
  'experiment',
  'visitor',
  'variants',
  'analytics',
  'filter',
  'filters',
  'samplePhotos',
  'renderCard',
  'strings',
] as const

/**
 * The settings of the elements: attributes, the properties that mirror them, and the properties that hold what
 * no attribute can. Subclasses hear of changes once per microtask in `update`.
 */
export abstract class SettingsElement extends BaseElement {
  static readonly observedAttributes: readonly string[] = attributeNames

  #items: readonly unknown[] | null = null
  #products: ProductLoader | null = null
  #visitor = ''
  #variants: readonly Variant[] | null = null
  #filter: ((product: Product) => boolean) | null = null
  #filters: readonly FilterName[] = []
  #samplePhotos: readonly SamplePhoto[] = []
  #renderCard: CardRenderer | null = null
  #strings: Partial<ElementStrings> = {}
  #languages: MutationObserver | null = null
  #scheduled = false

  /** Called after settings, connection or content have changed, also when the element is no longer connected. */
  protected abstract update(): void

  /** The feed: a URL, or its items. */
  get catalog(): string | readonly unknown[] {
    return this.#items ?? this.#read('catalog')
  }
  set catalog(value: string | URL | readonly unknown[] | null | undefined) {
    this.#items = Array.isArray(value) ? value : null
    this.#write('catalog', this.#items ? null : (value as string | URL | null | undefined))
    this.scheduleUpdate()
  }

  /**
   * The `engine` attribute: address of an engine on the shop's server, `similarHandler` of `similar-items/server`; empty
   * for none. The property `engine` is the engine in the page.
   */
  get engineUrl(): string {
    return this.#read('engine')
  }
  set engineUrl(value: string | URL | null | undefined) {
    this.#write('engine', value)
  }

  /** URL of the cells that photos are ranked in, without their vectors leaving the page; empty for none. */
  get cells(): string {
    return this.#read('cells')
  }
  set cells(value: string | URL | null | undefined) {
    this.#write('cells', value)
  }

  /** Address of neighbour files, with `{hash:n}` in it; empty where there are none. */
  get neighbors(): string {
    return this.#read('neighbors')
  }
  set neighbors(value: string | null | undefined) {
    this.#write('neighbors', value)
  }

  /**
   * `async (ids, signal) => items`: gives the products of neighbour files, for shops whose catalogue is too large for a
   * page, or changes by the minute.
   */
  get products(): ProductLoader | null {
    return this.#products
  }
  set products(value: ProductLoader | null | undefined) {
    this.#products = value ?? null
    this.scheduleUpdate()
  }

  /** The id of the product whose similar products are shown. */
  get item(): string {
    return this.#read('item')
  }
  set item(value: string | number | null | undefined) {
    this.#write('item', value)
  }

  /** URL of the model folder; empty for the one that comes with the package. */
  get model(): string {
    return this.#read('model')
  }
  set model(value: string | URL | null | undefined) {
    this.#write('model', value)
  }

  /** URL of the projection that is applied to what the model computes; empty for none. */
  get projection(): string {
    return this.#read('projection')
  }
  set projection(value: string | URL | null | undefined) {
    this.#write('projection', value)
  }

  /** URL of the folder with the worker and ONNX Runtime; empty for the folder of this script. */
  get assets(): string {
    return this.#read('assets')
  }
  set assets(value: string | URL | null | undefined) {
    this.#write('assets', value)
  }

  /** URL of a module that decodes HEIC photos where the browser does not; empty for none. */
  get heicDecoder(): string {
    return this.#read('heic-decoder')
  }
  set heicDecoder(value: string | URL | null | undefined) {
    this.#write('heic-decoder', value)
  }

  /** Text of the heading; empty for the standard one. */
  get heading(): string {
    return this.#read('heading')
  }
  set heading(value: string | null | undefined) {
    this.#write('heading', value)
  }

  /** Level of the heading in the page's outline, 1 to 6. */
  get headingLevel(): number {
    return this.#read('heading-level')
  }
  set headingLevel(value: number | null | undefined) {
    this.#write('heading-level', value)
  }

  /** The most products to show. */
  get limit(): number {
    return this.#read('limit')
  }
  set limit(value: number | null | undefined) {
    this.#write('limit', value)
  }

  /** The least cosine similarity of a product that is shown, -1 to 1. */
  get minScore(): number {
    return this.#read('min-score')
  }
  set minScore(value: number | null | undefined) {
    this.#write('min-score', value)
  }

  /** 0 ranks by similarity alone, 1 by novelty alone. */
  get diversity(): number {
    return this.#read('diversity')
  }
  set diversity(value: number | null | undefined) {
    this.#write('diversity', value)
  }

  /** The most products with one `item_group_id` in a list. */
  get perGroup(): number {
    return this.#read('per-group')
  }
  set perGroup(value: number | null | undefined) {
    this.#write('per-group', value)
  }

  /** When the work begins. */
  get loading(): LoadingMode {
    return this.#read('loading')
  }
  set loading(value: LoadingMode | null | undefined) {
    this.#write('loading', value)
  }

  /** Where vectors are kept: `memory` leaves nothing behind on the device. */
  get storage(): StorageMode {
    return this.#read('storage')
  }
  set storage(value: StorageMode | null | undefined) {
    this.#write('storage', value)
  }

  /** Whether the header has a button that opens the photo search. */
  get photoSearch(): boolean {
    return this.#read('photo-search')
  }
  set photoSearch(value: boolean | null | undefined) {
    this.#switch('photo-search', value)
  }

  /** Name of the experiment that the element takes part in; empty for none. */
  get experiment(): string {
    return this.#read('experiment')
  }
  set experiment(value: string | null | undefined) {
    this.#write('experiment', value)
  }

  /**
   * What the page knows the visitor by; it decides on the variant. There is no attribute for it: pages are cached, and
   * their text is read by others.
   */
  get visitor(): string {
    return this.#visitor
  }
  set visitor(value: string | number | null | undefined) {
    this.#visitor = String(value ?? '')
    this.scheduleUpdate()
  }

  /** What the experiment compares. Set a new list when something in it changes. */
  get variants(): readonly Variant[] | null {
    return this.#variants
  }
  set variants(value: readonly Variant[] | null | undefined) {
    this.#variants = value ?? null
    this.scheduleUpdate()
  }

  /** `ga4` pushes e-commerce events of Google Analytics 4 to the page's `dataLayer`. */
  get analytics(): AnalyticsMode {
    return this.#read('analytics')
  }
  set analytics(value: AnalyticsMode | null | undefined) {
    this.#write('analytics', value)
  }

  /** `(product) => boolean`: products for which it returns false are left out. Set a new function when its answers change. */
  get filter(): ((product: Product) => boolean) | null {
    return this.#filter
  }
  set filter(value: ((product: Product) => boolean) | null | undefined) {
    this.#filter = value ?? null
    this.scheduleUpdate()
  }

  /** Filters of the photo search that shoppers may set, as far as the products have something to choose from. */
  get filters(): readonly FilterName[] {
    return this.#filters
  }
  set filters(value: readonly FilterName[] | null | undefined) {
    this.#filters = value ?? []
    this.scheduleUpdate()
  }

  /** Pictures that the photo search offers to those who have none at hand. */
  get samplePhotos(): readonly SamplePhoto[] {
    return this.#samplePhotos
  }
  set samplePhotos(value: readonly SamplePhoto[] | null | undefined) {
    this.#samplePhotos = value ?? []
    this.scheduleUpdate()
  }

  /** `(hit, parts) => Node`: draws a card in place of the standard one. */
  get renderCard(): CardRenderer | null {
    return this.#renderCard
  }
  set renderCard(value: CardRenderer | null | undefined) {
    this.#renderCard = value ?? null
    this.scheduleUpdate()
  }

  /** Words that replace the standard ones, e.g. `{ outOfStock: 'Sold out' }`; those left out stay. */
  get strings(): Partial<ElementStrings> {
    return this.#strings
  }
  set strings(value: Partial<ElementStrings> | null | undefined) {
    this.#strings = value ?? {}
    this.scheduleUpdate()
  }

  connectedCallback(): void {
    // A page may have set them before the element was upgraded.
    for (const name of settingNames) this.#upgrade(name)
    this.#languages = watchLanguage(this, () => this.scheduleUpdate())
    this.scheduleUpdate()
  }

  disconnectedCallback(): void {
    this.#languages?.disconnect()
    this.scheduleUpdate()
  }

  attributeChangedCallback(name: string, _before: string | null, text: string | null): void {
    if (name === 'catalog' && text !== null) this.#items = null
    const problem = attributeProblem(name as AttributeName, text)
    if (problem) console.warn(problem)
    this.scheduleUpdate()
  }

  /** Many changes in one task are one update. */
  protected scheduleUpdate(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.update()
    })
  }

  #read<N extends AttributeName>(name: N): AttributeValue<N> {
    return readAttribute(name, this.getAttribute(name))
  }

  #write(name: AttributeName, value: string | number | URL | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(name)
    else this.setAttribute(name, String(value))
  }

  /** Texts, which frameworks may set as well, mean what they mean in the attribute. */
  #switch(name: AttributeName, value: unknown): void {
    const isOn = typeof value === 'string' ? readAttribute(name, value) : value
    this.#write(name, isOn ? '' : null)
  }

  /** An own property from before the upgrade would hide the accessor: take it off and set it again. */
  #upgrade(name: (typeof settingNames)[number]): void {
    if (!Object.hasOwn(this, name)) return
    const value: unknown = this[name]
    delete (this as Record<string, unknown>)[name]
    Object.assign(this, { [name]: value })
  }
}
