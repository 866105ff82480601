/** How a table is written. */
export interface TableDialect {
  readonly delimiter: string
  /** How much of the beginning comes before the header: Excel's `sep=;`, and comments. */
  readonly preamble: number
}

/**
 * Finds out how a table is written by its beginning. Excel may say `sep=;` in the first line; Meta's template has a
 * record of comments, each beginning with `#`, before the header.
 */
export function findDialect(start: string): TableDialect {
  const [separator, stated] = /^"?sep=(.)"?(?:\r?\n|\r)/i.exec(start) ?? ['']
  const preamble = separator.length + lengthOfComments(start.slice(separator.length))
  return { delimiter: stated ?? mostFrequent(firstHeading(start.slice(preamble))), preamble }
}

/** A comment in quotes may have several lines. */
function lengthOfComments(start: string): number {
  let length = 0
  for (let line = firstLine(start); /^"?#\s/.test(line); line = firstLine(start.slice(length))) {
    length += line.length
    let quotes = line.split('"').length - 1
    while (line.startsWith('"') && quotes % 2 === 1 && length < start.length) {
      const next = firstLine(start.slice(length))
      length += next.length
      quotes += next.split('"').length - 1
    }
  }
  return length
}

/** With its end, which may be a bare carriage return. */
function firstLine(text: string): string {
  return /^[^\r\n]*(?:\r\n?|\n)?/.exec(text)?.[0] ?? ''
}

/** The first line that is not empty. */
function firstHeading(text: string): string {
  return /[^\r\n]+/.exec(text)?.[0] ?? ''
}

function mostFrequent(header: string): string {
  const outside = header.replace(/"[^"]*"/g, '')
  // All of the line may be in quotes.
  const bare = outside.trim() === '' ? header : outside
  const counts = ['\t', ';', ',', '|'].map((delimiter) => ({
    delimiter,
    count: bare.split(delimiter).length,
  }))
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).delimiter
}
