/** Quotes of one kind. */
interface Quotes {
  readonly opening: RegExp
  /** Pattern of a cell in such quotes, whole, or of one without any. */
  cell(delimiter: string): string
  unescaped(content: string): string
}

const kinds: readonly Quotes[] = [
  {
    opening: /'/,
    cell: (delimiter) => String.raw`'(?:[^'\\]|''|\\.)*'|[^'${delimiter}]*`,
    unescaped: (content) =>
      content.replace(/''|\\(['\\])/g, (_, escaped: string | undefined) => escaped ?? "'"),
  },
  {
    opening: /[“„]/,
    cell: (delimiter) => `[“„][^“”]*[“”]|[^“”„${delimiter}]*`,
    unescaped: (content) => content,
  },
]

/** Regular expressions overflow the stack on cells of millions of letters. */
const longestRow = 100_000

/**
 * The cells of a row in quotes that CSV does not know: `'…'` as MySQL exports it, or what word processors make of quotes.
 * Null where such a quote is a letter: unless all cells but numbers are in quotes, they have to explain why the row has
 * more parts than cells.
 * @param text without `"`.
 * @param expected how many cells the header has; undefined for the header itself.
 */
export function cellsInOtherQuotes(
  text: string,
  delimiter: string,
  expected: number | undefined,
): string[] | null {
  if (text.length > longestRow) return null
  for (const { opening, cell, unescaped } of kinds) {
    if (!opening.test(text)) continue
    const cells = cellsOf(text, delimiter, new RegExp(cell(inClass(delimiter)), 'y'))
    if (!cells || (expected !== undefined && cells.length !== expected)) continue
    const isQuoted = (one: string) => opening.test(one.charAt(0))
    const areQuoted = cells.every((one) => isQuoted(one) || /^([\d.+-]*|NULL|\\N)$/.test(one))
    const explains = expected !== undefined && text.split(delimiter).length !== expected
    if (areQuoted || explains) return cells.map((one) => (isQuoted(one) ? unescaped(one.slice(1, -1)) : one))
  }
  return null
}

/** A character as a class of a pattern has it. */
function inClass(character: string): string {
  return character.replace(/[\\\]^-]/, '\\$&')
}

/** The cells where every one is as the pattern says. */
function cellsOf(text: string, delimiter: string, pattern: RegExp): string[] | null {
  const cells: string[] = []
  for (let at = 0; ; at++) {
    pattern.lastIndex = at
    const cell = pattern.exec(text)?.[0]
    if (cell === undefined) return null
    cells.push(cell)
    at += cell.length
    if (at === text.length) return cells
    if (text[at] !== delimiter) return null
  }
}
