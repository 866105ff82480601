import { asksDatabase, canAskDatabase } from '../database/asking.js'
import { create } from '../dom.js'

const IN_BROWSER =
  'Open a product. Your own browser looks at its picture, compares it with every other one and shows what looks alike. No server takes part.'
const IN_DATABASE =
  'Open a product. The server of this demo asks its database which pictures look alike; your own browser looks at photos that you search with, and sends their vectors there.'

/** What this shop shows, and why anybody would want it. */
export function introView(photoSearch: HTMLElement): HTMLElement {
  return create(
    'section',
    { class: 'hero hero-wide' },
    create(
      'div',
      {},
      create('h1', {}, 'Like this one? Here is more of it.'),
      create('p', { class: 'lead' }, canAskDatabase && asksDatabase() ? IN_DATABASE : IN_BROWSER),
      photoSearch,
    ),
    create(
      'p',
      { class: 'evidence' },
      'Why it is worth having: when Mercari moved its similar items from MobileNet to a fine-tuned SigLIP, nDCG@5 rose by 9.1% offline and, in the A/B test, clicks by 50% and conversion by 14% (',
      create('a', { href: 'https://arxiv.org/abs/2510.13359' }, 'arXiv 2510.13359'),
      '). Measured by Mercari, on its servers, with its model; not by us. ',
      create('a', { href: '#/how' }, 'How this one works'),
      ', and ',
      create('a', { href: '#/better' }, 'what was measured on this shop'),
      '.',
    ),
  )
}
