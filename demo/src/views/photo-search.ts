import { SAMPLES, samplePath } from '../../data/samples.js'
import type { ShopCatalogue } from '../catalogue.js'
import { create } from '../dom.js'
import { similarItems } from '../similar-element.js'

/** The photo search on the front page: a button of the shop's own, and photos to try it with in one click. */
export function photoSearchView(catalogue: ShopCatalogue): HTMLElement {
  // It shows nothing itself while it has no product, but brings the photo search.
  const element = similarItems(catalogue)
  const button = create('button', { class: 'button', type: 'button' }, 'Search with a photo')
  button.addEventListener('click', () => element.openPhotoSearch())
  for (const intent of ['pointerenter', 'focus'] as const) {
    button.addEventListener(intent, () => element.preparePhotoSearch())
  }
  const samples = SAMPLES.map((sample) => {
    const picture = create('img', {
      class: 'sample-photo',
      src: samplePath(sample),
      alt: sample.label,
      decoding: 'async',
    })
    const choice = create('button', { class: 'sample', type: 'button' }, picture)
    choice.addEventListener('click', () => element.openPhotoSearch(samplePath(sample)))
    return create('li', {}, choice)
  })
  return create(
    'div',
    { class: 'photo-search' },
    button,
    catalogue.name === 'photos' ? create('p', {}, 'or try it with one of these:') : null,
    catalogue.name === 'photos' ? create('ul', { class: 'samples' }, ...samples) : null,
    element,
  )
}
