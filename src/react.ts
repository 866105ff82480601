/**
 * `<SimilarItems>` for React 18 and 19: attributes on the server, properties and listeners in the browser. React listens
 * to no events of custom elements that it rendered on the server (react#35446), and React 18 to none at all.
 */
import {
  type CSSProperties,
  createElement,
  type ForwardRefExoticComponent,
  forwardRef,
  type ReactNode,
  type RefAttributes,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react'
import { SimilarItemsElement } from './define.js'
import { attributeNames, attributeOf } from './element/attributes.js'
import { eventTypes } from './element/event-props.js'
import type {
  SiErrorEvent,
  SiExposureEvent,
  SiImpressionEvent,
  SiProgressEvent,
  SiResultsEvent,
  SiSelectEvent,
} from './element/events.js'
import { settingNames } from './element/settings-element.js'

/** What the element can be told, under the names of its properties. */
type Settings = {
  -readonly [Name in (typeof settingNames)[number]]?: SimilarItemsElement[Name] | undefined
}

export interface SimilarItemsProps extends Settings {
  onResults?: (event: SiResultsEvent) => void
  /** `event.preventDefault()` keeps the link from being followed. */
  onSelect?: (event: SiSelectEvent) => void
  onImpression?: (event: SiImpressionEvent) => void
  onExposure?: (event: SiExposureEvent) => void
  onProgress?: (event: SiProgressEvent) => void
  onError?: (event: SiErrorEvent) => void
  id?: string
  className?: string
  style?: CSSProperties
  lang?: string
  /** Shown until there are results, and elements for the slots. */
  children?: ReactNode
}

type Component = ForwardRefExoticComponent<SimilarItemsProps & RefAttributes<SimilarItemsElement>>

/** React 18 complains about layout effects on the server, where there are none. */
function useEarlyEffect(...effect: Parameters<typeof useEffect>): void {
  const use = typeof document === 'undefined' ? useEffect : useLayoutEffect
  use(...effect)
}

/** The element as a component; its ref is the element. */
export const SimilarItems: Component = /* @__PURE__ */ forwardRef<SimilarItemsElement, SimilarItemsProps>(
  function SimilarItems(props, ref) {
    const element = useRef<SimilarItemsElement>(null)
    const latest = useRef(props)
    const written = useRef<Readonly<Record<string, unknown>>>({})
    useImperativeHandle(ref, () => element.current as SimilarItemsElement, [])

    useEarlyEffect(() => {
      latest.current = props
      const properties = objectsOf(props)
      for (const name of new Set([...Object.keys(written.current), ...Object.keys(properties)])) {
        if (written.current[name] === properties[name]) continue
        // Text that takes the place of an object is an attribute by now.
        if (name in properties || !hasAttribute(name, props)) {
          Reflect.set(element.current as object, name, properties[name])
        }
      }
      written.current = properties
    })

    useEarlyEffect(() => {
      const listening = new AbortController()
      for (const [handler, type] of Object.entries(eventTypes) as [keyof typeof eventTypes, string][]) {
        const listener = (event: Event) =>
          (latest.current[handler] as ((event: Event) => void) | undefined)?.(event)
        element.current?.addEventListener(type, listener, { signal: listening.signal })
      }
      return () => listening.abort()
    }, [])

    const { id, className, style, lang, children } = props
    return createElement(
      'similar-items',
      { ref: element, id, class: className, style, lang, ...attributesOf(props) },
      children,
    )
  },
)

/** The settings that are attributes: on the server there is nothing else. */
function attributesOf(props: SimilarItemsProps): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const name of settingNames) {
    const value = props[name]
    if (!hasAttribute(name, props) || value === false) continue
    attributes[attributeOf(name)] = value === true ? '' : String(value)
  }
  return attributes
}

/** The settings that no attribute can hold. */
function objectsOf(props: SimilarItemsProps): Record<string, unknown> {
  const names = settingNames.filter((name) => props[name] !== undefined && !hasAttribute(name, props))
  return Object.fromEntries(names.map((name) => [name, props[name]]))
}

/** Text stays a property where there is no attribute for it. */
function hasAttribute(name: string, props: SimilarItemsProps): boolean {
  const isText = ['string', 'number', 'boolean'].includes(typeof props[name as keyof SimilarItemsProps])
  return isText && (attributeNames as readonly string[]).includes(attributeOf(name))
}

export { SimilarItemsElement }
