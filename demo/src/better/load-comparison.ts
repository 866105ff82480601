import { type Comparison, comparisonPath, type Measured, measuredPath } from '../../data/comparison.js'
import type { CatalogueName } from '../route.js'

/** The catalogues that the shop knows the shelves of. */
export type ComparedCatalogue = Exclude<CatalogueName, 'folder'>

/** What was measured on a catalogue when the demo was built. Rejects where it cannot be read. */
export function loadComparison(catalogue: ComparedCatalogue): Promise<Comparison> {
  return load(comparisonPath(catalogue))
}

/** What was measured on public picture sets. */
export function loadMeasured(): Promise<Measured> {
  return load(measuredPath)
}

async function load<T>(path: string): Promise<T> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`)
  return response.json()
}
