import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { attributeNames } from '../../../src/element/attributes.js'
import { SimilarItemsElement } from '../../../src/element/similar-items-element.js'
import { SimilarItemsSearchElement } from '../../../src/element/similar-items-search-element.js'

interface Named {
  readonly name: string
}

interface Declaration extends Named {
  readonly tagName: string
  readonly attributes: readonly Named[]
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
  const declarations: readonly Declaration[] = built
    ? JSON.parse(read('dist/custom-elements.json')).modules[0].declarations
    : []
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

  test('has what docs/element.md tells of, and the document tells of all of it', () => {
    const document = read('docs/element.md')
    const told = [
      ...namesOf(element.attributes),
      ...namesOf(element.members),
      ...namesOf(element.events),
      ...namesOf(element.cssProperties),
      ...namesOf(element.cssParts),
      ...namesOf(element.slots).filter(Boolean),
    ]
    // Those of the photo search have a page of their own.
    const others = read('docs/photo-search.md')
    const isTold = (name: string) => [document, others].some((text) => new RegExp(`\\b${name}\\b`).test(text))
    expect(told.length).toBeGreaterThan(60)
    expect(told.filter((name) => !isTold(name.replace(/^--/, '')))).toEqual([])
    for (const { name } of element.cssStates ?? []) expect(document).toContain(`:state(${name})`)
    const parts = [...(/^Parts:([^.]*)\./m.exec(document)?.[1] ?? '').matchAll(/`([\w-]+)`/g)]
    expect(namesOf(element.cssParts)).toEqual(parts.map(([, name]) => name).sort())
  })
})
