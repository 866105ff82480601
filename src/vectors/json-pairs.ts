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
  let pairs = 0
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index)
    if (code === quote) index = endOfString(json, index)
    else if (code === colon) pairs++
  }
  return pairs
}

/** Where the string ends that begins at `start`: at the next quote that no backslash escapes. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let first = end
    while (json.charCodeAt(first - 1) === backslash) first--
    if ((end - first) % 2 === 0) return end
  }
  return json.length
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
