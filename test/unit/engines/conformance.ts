import { expect } from 'vitest'
import { type ConformanceOptions, checkConformance } from '../../../src/engines/conformance/index.js'

/** Holds an engine to all its promises; the console has what was measured. @returns the broken ones. */
export async function brokenPromises(options: ConformanceOptions): Promise<string[]> {
  const broken: string[] = []
  let count = 0
  for await (const { name, detail, failure } of checkConformance(options)) {
    count++
    if (detail) console.log(`${name}: ${detail}`)
    if (failure !== null) broken.push(`${name}: ${failure}`)
  }
  expect(count).toBeGreaterThan(20)
  return broken
}
