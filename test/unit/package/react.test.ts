import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { SimilarItems } from '../../../src/react.js'

test('on the server the component is its attributes and its fallback', () => {
  const component = createElement(
    SimilarItems,
    {
      catalog: '/catalog.json',
      item: 'sku-01',
      limit: 8,
      minScore: 0.5,
      photoSearch: true,
      visitor: 'somebody',
      filter: () => true,
      onSelect: () => undefined,
      className: 'shelf',
    },
    createElement('a', { href: '/chairs' }, 'All chairs'),
  )
  expect(renderToString(component)).toBe(
    '<similar-items class="shelf" catalog="/catalog.json" item="sku-01" limit="8" min-score="0.5" photo-search="">' +
      '<a href="/chairs">All chairs</a></similar-items>',
  )
})

test('what is off or an object is no attribute', () => {
  const component = createElement(SimilarItems, { catalog: [{ id: 'a' }], item: 'a', photoSearch: false })
  expect(renderToString(component)).toBe('<similar-items item="a"></similar-items>')
})
