import type { Measured } from '../../data/comparison.js'
import { create } from '../dom.js'
import { formatShare } from '../format.js'
import { dataTable, numberCell } from './table.js'

/** What there is beyond this demo: our encoder on public picture sets, and what a marketplace measured with its own. */
export function evidenceSection({ date, level, tasks }: Measured): HTMLElement {
  const rows = tasks.map(({ name, queries, mobileNet, encoder }) => [
    name,
    numberCell(decimals(encoder.mean), `${decimals(encoder.low)}–${decimals(encoder.high)}`),
    mobileNet === null ? 'not measured' : decimals(mobileNet),
    queries.toLocaleString('en'),
  ])
  return create(
    'section',
    { class: 'part', 'aria-labelledby': 'elsewhere' },
    create('h2', { id: 'elsewhere' }, 'Beyond this demo'),
    create('h3', {}, 'Ours: this encoder on public picture sets'),
    dataTable(
      `nDCG@5 with ${formatShare(level)} bootstrap intervals, measured ${date}`,
      ['Set', 'This encoder', 'MobileNetV2, PCA to 128', 'Queries'],
      rows,
    ),
    create(
      'p',
      { class: 'small-print' },
      'Larger sets of pictures that the encoder was not trained on, though some are of kinds it was trained on; the ',
      create('a', { href: 'similar-items/models/siglip-tiny-patch16-224/README.md' }, 'model card'),
      ' says which, and that it finds fine kinds of furniture no better than MobileNetV2 does. Written by ',
      create('code', {}, 'npm run bench'),
      '; the figures of MobileNetV2 were measured once on the same pictures.',
    ),
    create('h3', {}, 'Theirs: Mercari'),
    create(
      'blockquote',
      { class: 'evidence', cite: 'https://arxiv.org/abs/2510.13359' },
      create(
        'p',
        {},
        'When Mercari replaced MobileNet by a fine-tuned SigLIP in its similar items, nDCG@5 rose by 9.1% offline; in its A/B test, with real shoppers, click-through rose by 50% and conversion by 14%.',
      ),
      create(
        'p',
        {},
        create('a', { href: 'https://arxiv.org/abs/2510.13359' }, 'Yada et al. 2025, arXiv 2510.13359'),
        '. Measured by Mercari, on its servers, with its model: a reason to try, not a result of this project.',
      ),
    ),
    create('h3', {}, 'Yours'),
    create(
      'p',
      { class: 'part-lead' },
      'Run ',
      create('code', {}, 'similar-items evaluate'),
      ' on your own clicks, ',
      create('code', {}, 'tune'),
      ' on your own products, and let an ',
      create('code', {}, 'experiment'),
      ' with your own visitors decide.',
    ),
  )
}

const decimals = (value: number) => value.toFixed(3)
