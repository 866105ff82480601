/**
 * Rows of a comma-separated text as in RFC 4180, each keyed by the header row. White space around a field,
 * which spreadsheets add to line columns up, is dropped.
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = records(text)
  return rows
    .filter((row) => row.some((field) => field !== ''))
    .map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])))
}

/** One field with what ends it: a quoted text (`""` stands for `"`) or bare characters. */
const FIELD = /[ \t]*(?:"((?:[^"]|"")*)"[ \t]*|([^",\r\n]*))(,|\r?\n|$)/y

function records(text: string): string[][] {
  const all: string[][] = []
  let row: string[] = []
  FIELD.lastIndex = 0
  do {
    const start = FIELD.lastIndex
    const match = FIELD.exec(text)
    if (!match) throw new Error(`Not CSV at character ${start}: ${text.slice(start, start + 40)}`)
    const [, quoted, bare = '', end] = match
    row.push((quoted?.replaceAll('""', '"') ?? bare).trim())
    if (end === ',') continue
    all.push(row)
    row = []
  } while (FIELD.lastIndex < text.length || row.length > 0)
  return all
}
