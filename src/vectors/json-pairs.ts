/**
 * Whether a JSON object, whose values may be objects but hold none themselves, spells out each of its pairs once.
 * `JSON.parse` keeps the last of repeated keys and other readers the first, so such a text has two meanings.
 * @param parsed what `JSON.parse` made of `json`.
 */
export function hasDistinctKeys(json: string, parsed: object): boolean {
  const objects = [parsed, ...Object.values(parsed).filter((value) => isObject(value))]
  const pairs = objects.reduce((sum, object) => sum + Object.keys(object).length, 0)
  return countPairs(json) === pairs
}

/** How many `key: value` pairs a JSON text spells out: one for every colon outside strings. */
function countPairs(json: string): number {
  // Without what is escaped, every other quote ends a string. Headers have whole lists in a string: to look at each of
  // their quotes took longer than reading the rest.
  const parts = json.replaceAll('\\\\', '').replaceAll('\\"', '').split('"')
  let pairs = 0
  for (let index = 0; index < parts.length; index += 2)
    pairs += (parts[index] as string).split(':').length - 1
  return pairs
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
