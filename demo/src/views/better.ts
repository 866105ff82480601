import '../../style/better.css'
import { evidenceSection } from '../better/evidence-section.js'
import { experimentSection } from '../better/experiment-section.js'
import { type ComparedCatalogue, loadComparison, loadMeasured } from '../better/load-comparison.js'
import { numbersSection } from '../better/numbers-section.js'
import { picturesSection } from '../better/pictures-section.js'
import { answerText } from '../better/verdict.js'
import { loadCatalogue } from '../catalogue.js'
import { create } from '../dom.js'
import { betterLink } from '../route.js'

const CATALOGUES: Record<ComparedCatalogue, string> = { photos: 'Photos', objects: 'Objects' }

/**
 * For somebody who has one minute: are the similar items better than what they replace? Rejects where the catalogue
 * or what was measured on it cannot be read.
 */
export async function betterView(name: ComparedCatalogue, id: string | null): Promise<HTMLElement[]> {
  const [catalogue, comparison, measured] = await Promise.all([
    loadCatalogue(name),
    loadComparison(name),
    loadMeasured(),
  ])
  // The address names the product, but choosing another one is not another page.
  const onProduct = (chosen: string) => history.replaceState(history.state, '', betterLink(name, chosen))
  return [
    create(
      'section',
      { class: 'hero' },
      create('h1', {}, 'Is it better?'),
      create('p', { class: 'lead' }, answerText(comparison)),
    ),
    catalogueSwitch(name),
    picturesSection(catalogue, comparison, { id, onProduct }),
    numbersSection(comparison),
    experimentSection(catalogue.products, comparison),
    evidenceSection(measured),
  ]
}

function catalogueSwitch(current: ComparedCatalogue): HTMLElement {
  const links = Object.entries(CATALOGUES).map(([name, title]) =>
    create(
      'li',
      {},
      create(
        'a',
        {
          href: betterLink(name as ComparedCatalogue),
          'aria-current': name === current ? 'true' : null,
        },
        title,
      ),
    ),
  )
  return create('nav', { class: 'shelves', 'aria-label': 'Measured on' }, create('ul', {}, ...links))
}
