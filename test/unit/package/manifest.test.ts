import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
// @ts-expect-error: a script of the build, without types
import { withElementTables } from '../../../.ci/element-tables.mjs'
import { type AttributeName, attributeNames, readAttribute } from '../../../src/element/attributes.js'
import { eventTypes } from '../../../src/element/event-props.js'
import { elementCss } from '../../../src/element/list/styles.js'
import { panelCss } from '../../../src/element/photo-search/panel-styles.js'
import { settingNames } from '../../../src/element/settings-element.js'
import { SimilarItemsElement } from '../../../src/element/similar-items-element.js'
import { SimilarItemsSearchElement } from '../../../src/element/similar-items-search-element.js'

interface Named {
  readonly name: string
}

interface Declaration extends Named {
  readonly tagName: string
  readonly attributes: readonly (Named & { readonly default?: string })[]
  readonly members: readonly (Named & { readonly kind: string; readonly readonly?: boolean })[]
  readonly events: readonly Named[]
  readonly slots: readonly Named[]
  readonly cssParts?: readonly Named[]
  readonly cssProperties?: readonly Named[]
  readonly cssStates?: readonly Named[]
}

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const description = JSON.parse(read('package.json'))
const built = existsSync(new URL('dist/custom-elements.json', root))
const namesOf = (named: readonly Named[] = []) => named.map(({ name }) => name).sort()

describe.skipIf(!built)('the custom-elements manifest', () => {
  const manifest = built ? JSON.parse(read('dist/custom-elements.json')) : { modules: [] }
  const declarations: readonly Declaration[] = manifest.modules[0]?.declarations ?? []
  const [element, search] = declarations as [Declaration, Declaration]

  test('is where package.json says', () => {
    expect(description.customElements).toBe('./dist/custom-elements.json')
    expect(declarations.map(({ tagName }) => tagName)).toEqual(['similar-items', 'similar-items-search'])
  })

  test('has every attribute that the element observes, and no other', () => {
    expect(namesOf(element.attributes)).toEqual([...attributeNames].sort())
    for (const { name } of search.attributes) expect(attributeNames).toContain(name)
  })

  test('has every public property and method of the classes', () => {
    for (const [declaration, type] of [
      [element, SimilarItemsElement],
      [search, SimilarItemsSearchElement],
    ] as const) {
      const living = [type.prototype, Object.getPrototypeOf(type.prototype)].flatMap((prototype) =>
        Object.getOwnPropertyNames(prototype),
      )
      const isPublic = (name: string) => !/^(constructor|update|scheduleUpdate|\w+Callback)$/.test(name)
      expect(namesOf(declaration.members)).toEqual([...new Set(living.filter(isPublic))].sort())
    }
  })

  test('has the defaults that the element has', () => {
    const defaults = element.attributes.filter((attribute) => attribute.default !== undefined)
    expect(defaults.length).toBeGreaterThan(5)
    for (const { name, default: standard } of defaults) {
      expect(String(readAttribute(name as AttributeName, null)), name).toBe(standard)
    }
  })

  test('has the custom properties that the styles read', () => {
    const read = new Set([...(elementCss + panelCss).matchAll(/var\((--si-[\w-]+)/g)].map(([, name]) => name))
    expect(namesOf(element.cssProperties)).toEqual([...read].sort())
    expect([...read]).toEqual(expect.arrayContaining(namesOf(search.cssProperties)))
  })

  test('has the settings and events that the React component has', () => {
    const writable = element.members.filter(({ kind, readonly }) => kind === 'field' && !readonly)
    expect(namesOf(writable)).toEqual([...settingNames].sort())
    expect(namesOf(element.events)).toEqual(Object.values(eventTypes).sort())
  })

  test('is what the tables of docs/element.md say; if not: npm run build && node .ci/element-tables.mjs', () => {
    const document = read('docs/element.md')
    expect(withElementTables(document, manifest)).toBe(document)
    expect(document.match(/^\| `/gm)?.length).toBeGreaterThan(60)
  })
})
