import { asksDatabase, canAskDatabase } from '../database/asking.js'
import { create } from '../dom.js'

const IN_DATABASE =
  'At the moment it is otherwise, since you have chosen “Ask a database” on a product page: the server of this demo gets the id of each product that you open and the vector of each photo that you search with, and answers from its database.'

const STEPS: readonly (readonly [when: string, loads: string, answers: string])[] = [
  ['Before any script', 'nothing', 'the links the shop’s server wrote into the page'],
  [
    'A product whose picture was looked at before',
    'the stored vectors',
    'the most similar products, from IndexedDB',
  ],
  [
    'A picture nobody has looked at yet',
    'ONNX Runtime and the model, once',
    'its vector, which is then stored',
  ],
]

/** What happens behind a product page, and how far to trust it. */
export function howView(): HTMLElement[] {
  return [
    create(
      'article',
      { class: 'prose' },
      create('h1', {}, 'How it works'),
      create(
        'p',
        { class: 'lead' },
        'A neural network turns every product picture into a list of numbers, so that pictures which look alike get similar lists. All of it runs in the shopper’s browser.',
      ),
      create('h2', {}, 'Nothing heavy until somebody needs it'),
      create(
        'div',
        { class: 'table-frame', role: 'region', 'aria-label': 'What is loaded when', tabindex: 0 },
        create(
          'table',
          {},
          create('thead', {}, row('th', 'When', 'What is loaded', 'What answers')),
          create('tbody', {}, ...STEPS.map((step) => row('td', ...step))),
        ),
      ),
      create(
        'p',
        {},
        'The panel under each product page says which of these just happened, with numbers measured in your browser.',
      ),
      create('h2', {}, 'The model'),
      create(
        'p',
        {},
        'siglip-tiny-patch16-224, a SigLIP vision tower of 6.0 million parameters, 7.0 MB with 8-bit weights. Any SigLIP or SigLIP 2 export in the Hugging Face layout can take its place. On the nine picture sets of its model card it reaches a mean nDCG@5 of 0.728, against 0.631 for the baseline of Mercari’s paper (MobileNetV2 and PCA to 128 numbers): ',
        create('a', { href: 'similar-items/models/siglip-tiny-patch16-224/README.md' }, 'model card'),
        '. It is small and honestly labelled, not a rival of SigLIP base.',
      ),
      create('h2', {}, 'Privacy'),
      create(
        'p',
        {},
        'Pictures are read and compared on the device. There is no account, no cookie and no telemetry. Vectors stay in this site’s own storage until you press “Forget everything” on a product page.',
      ),
      canAskDatabase && asksDatabase() ? create('p', {}, IN_DATABASE) : null,
      create('h2', {}, 'Why a shop would want it'),
      create(
        'p',
        {},
        'Mercari replaced the MobileNet behind its similar items by a fine-tuned SigLIP: nDCG@5 rose by 9.1% offline; in the A/B test the click-through rate rose by 50% and conversion by 14% (',
        create('a', { href: 'https://arxiv.org/abs/2510.13359' }, 'Yada et al. 2025, arXiv 2510.13359'),
        '). Those figures were measured on Mercari’s servers with Mercari’s model. They say why it is worth trying, not what this demo achieves: ',
        create('a', { href: '#/better' }, 'that was measured, too'),
        '.',
      ),
    ),
  ]
}

function row(cell: 'th' | 'td', ...texts: readonly string[]): HTMLElement {
  const scope = cell === 'th' ? { scope: 'col' } : {}
  return create('tr', {}, ...texts.map((text) => create(cell, scope, text)))
}
