import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../src/measure/evaluation/evaluate.js'
import type { System } from '../../../src/measure/evaluation/evaluation.js'
import { evaluationHtml, evaluationText } from '../../../src/measure/evaluation/evaluation-report.js'
import { queriesFromLabels } from '../../../src/measure/evaluation/labelled-relevance.js'
import { experimentHtml, experimentText } from '../../../src/measure/experiment/experiment-report.js'
import { readExperiment } from '../../../src/measure/experiment/read-experiment.js'

const hostile = '<img src=x onerror=alert(1)>"\'&'

const items = Array.from({ length: 8 }, (_, index) => ({
  id: `${index}`,
  label: index < 4 ? hostile : 'plain',
}))
const good: System = {
  name: hostile,
  score: (product, candidates) => candidates.map((id) => (Number(id) < 4 === Number(product) < 4 ? 1 : 0)),
}
const evaluation = evaluate(queriesFromLabels(items), [good], { baseline: 'random', samples: 50, worst: 1 })

describe('an evaluation', () => {
  test('as text: a line per system, and the difference', () => {
    const lines = evaluationText(evaluation).split('\n')
    expect(lines[0]?.trim().split(/\s{2,}/)).toEqual(['nDCG@5', 'P@1', 'P@3', 'MRR', 'recall@10'])
    expect(lines.filter((line) => line.startsWith(hostile))).toHaveLength(2)
    expect(lines.find((line) => line.startsWith(hostile))).toMatch(
      /1\.000 {2}1\.000 {2}1\.000 {2}1\.000 {6}1\.000$/,
    )
    expect(lines.at(-1)).toBe('8 queries.')
  })

  test('as HTML: names are text, and nothing is loaded from elsewhere', () => {
    const image = 'data:image/webp;base64,AAAA'
    const html = evaluationHtml(evaluation, (id) => ({
      title: hostile,
      image: id === '0' ? image : 'https://example.org/spy.png',
    }))
    expect(html).not.toContain('<img src=x')
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;')
    expect(html).toContain(image)
    expect(html).not.toMatch(/https?:/)
    expect(html.match(/class="plot"/g)).toHaveLength(5)
  })
})

describe('an experiment', () => {
  const reading = readExperiment(
    Array.from({ length: 100 }, (_, index) => {
      const event = { experiment: hostile, variant: index % 2 === 0 ? 'a' : 'b', visitor: `${index}` }
      const clicks = index % 5 === 0 ? [{ ...event, type: 'click' as const }] : []
      return [{ ...event, type: 'exposure' as const }, ...clicks]
    }).flat(),
  )

  test('as text: both rates of both variants, and the check of the sample ratio', () => {
    const text = experimentText(reading)
    expect(text.match(/^[ab] +50 +\d+\.\d\d %/gm)).toHaveLength(4)
    expect(text).toContain('divided as intended')
  })

  test('as HTML, with a note', () => {
    const html = experimentHtml(reading, 'These data are simulated.')
    expect(html).not.toContain('<img')
    expect(html).toContain('These data are simulated.')
  })
})
