import { escapeHtml, htmlBars, htmlPage, htmlTable } from '../report/html-page.js'
import { formatPValue, textTable } from '../report/text-table.js'
import type { Difference, Evaluation, SystemResult, WorstQuery } from './evaluation.js'

/** The evaluation as a table for a terminal: means, and below them how the first metric compares. */
export function evaluationText(evaluation: Evaluation): string {
  const { metrics, systems } = evaluation
  const means = systems.map(({ name, estimates }) => [
    name,
    ...metrics.map((metric) => (estimates[metric]?.mean ?? Number.NaN).toFixed(3)),
  ])
  return [
    textTable(['', ...metrics], means),
    '',
    textTable(comparisonHeader(evaluation), comparisonRows(evaluation)),
    '',
    `${countsText(evaluation)}.`,
  ].join('\n')
}

/** What a report calls a product: `image` is a `data:` URL, so that the page stays self-contained. */
export interface ReportProduct {
  readonly title?: string | undefined
  readonly image?: string | undefined
}

/**
 * The evaluation as one HTML page with plots, categories and the worst queries.
 * @param productOf titles and pictures of the products among the worst queries.
 */
export function evaluationHtml(
  evaluation: Evaluation,
  productOf: (id: string) => ReportProduct | undefined = () => undefined,
): string {
  const { metrics, systems, categories, worst } = evaluation
  const plots = metrics.map((metric) => {
    const bars = systems.flatMap(({ name, estimates }) => {
      const estimate = estimates[metric]
      return estimate ? [{ label: name, value: estimate.mean, low: estimate.low, high: estimate.high }] : []
    })
    return `<h2>${escapeHtml(metric)}</h2>${htmlBars(bars, (value) => value.toFixed(3))}`
  })
  const [first = ''] = metrics
  const names = systems.map(({ name }) => name)
  const categoryRows = categories.map(({ category, queries, means }) => [
    escapeHtml(category),
    String(queries),
    ...names.map((name) => (means[name]?.[first] ?? Number.NaN).toFixed(3)),
  ])
  const body = [
    `<p>${escapeHtml(countsText(evaluation))}. Whiskers: ${percent(evaluation.level)} bootstrap intervals.</p>`,
    ...plots,
    `<h2>Against ${escapeHtml(evaluation.baseline)}</h2>`,
    htmlTable(
      comparisonHeader(evaluation).map(escapeHtml),
      comparisonRows(evaluation).map((row) => row.map(escapeHtml)),
    ),
    categories.length > 0 ? `<h2>${escapeHtml(first)} by category</h2>` : '',
    ...categoryTables(['category', 'queries', ...names.map(escapeHtml)], categoryRows),
    worst.length > 0 ? `<h2>Worst queries</h2>` : '',
    ...worst.map((query) => worstHtml(query, first, productOf)),
  ]
  return htmlPage('Evaluation', body.join('\n'))
}

/** The largest categories; the others behind a line to open. */
function categoryTables(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const [shown, others] = [rows.slice(0, shownCategories), rows.slice(shownCategories)]
  return [
    ...(shown.length > 0 ? [htmlTable(header, shown)] : []),
    ...(others.length > 0
      ? [`<details><summary>${others.length} more</summary>${htmlTable(header, others)}</details>`]
      : []),
  ]
}

const shownCategories = 15

function worstHtml(
  { system, product, category, value, top }: WorstQuery,
  metric: string,
  productOf: (id: string) => ReportProduct | undefined,
): string {
  const kind = category === null ? '' : `, ${category}`
  const rows = Object.entries(top).map(([name, hits]) => {
    const figures = hits.map(({ item, grade }) => figureHtml(item, productOf(item), grade > 0))
    return `<div class="row"><small>${escapeHtml(name)}</small>${figures.join('')}</div>`
  })
  const heading = `${system}: ${product}${kind}, ${metric} ${value.toFixed(3)}`
  return `<h3>${escapeHtml(heading)}</h3>
<div class="row">${figureHtml(product, productOf(product), false)}</div>
${rows.join('\n')}`
}

function figureHtml(id: string, product: ReportProduct | undefined, relevant: boolean): string {
  const title = product?.title ?? id
  // Only pictures that are in the page itself: a report is sent around, and must not load anything when opened.
  const image = product?.image?.startsWith('data:image/')
    ? `<img alt="" src="${escapeHtml(product.image)}">`
    : ''
  const mark = relevant ? '✓ ' : ''
  return `<figure class="${relevant ? 'relevant' : ''}">${image}<figcaption>${mark}${escapeHtml(title)}</figcaption></figure>`
}

function comparisonHeader({ metrics, baseline, level }: Evaluation): string[] {
  return [`${metrics[0]} minus ${baseline}`, 'difference', `${percent(level)} interval`, 'p-value']
}

function comparisonRows({ metrics, systems }: Evaluation): string[][] {
  const [first = ''] = metrics
  const differenceOf = ({ differences }: SystemResult): Difference | undefined => differences?.[first]
  return systems.flatMap((system) => {
    const difference = differenceOf(system)
    if (!difference) return []
    const { mean, low, high, pValue } = difference
    return [[system.name, signed(mean), `${signed(low)} to ${signed(high)}`, formatPValue(pValue)]]
  })
}

function countsText({ queries, withoutRelevant, withoutContrast }: Evaluation): string {
  const leftOut = [
    ...(withoutRelevant > 0 ? [`${withoutRelevant} without a relevant candidate`] : []),
    ...(withoutContrast > 0 ? [`${withoutContrast} whose candidates are one, or all alike`] : []),
  ]
  return `${queries} queries${leftOut.length > 0 ? `; ${leftOut.join(' and ')} left out` : ''}`
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}

function percent(level: number): string {
  return `${Number((100 * level).toFixed(1))} %`
}
