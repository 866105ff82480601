import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { SimilarItemsError } from '../errors.js'
import { isMissing } from './file-fetch.js'

/**
 * The records of a log on disk: rows of a `.csv` or `.tsv` file with a header, else lines of JSON.
 * @throws SimilarItemsError `invalid-argument`, naming the file and, where there is one, the line.
 */
export async function readRecords(path: string): Promise<unknown[]> {
  const text = await readText(path)
  const delimiter = path.endsWith('.csv') ? ',' : path.endsWith('.tsv') ? '\t' : null
  try {
    if (delimiter) return await parseTable(text, delimiter)
  } catch (cause) {
    throw invalid(path, `is not a table: ${(cause as Error).message}`, cause)
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      return [JSON.parse(line) as unknown]
    } catch (cause) {
      throw invalid(path, `has no JSON in line ${index + 1}`, cause)
    }
  })
}

async function parseTable(text: string, delimiter: string): Promise<unknown[]> {
  const rows: unknown[] = []
  const options = { columns: true, bom: true, skip_empty_lines: true, delimiter }
  for await (const row of parse(text, options)) rows.push(row)
  return rows
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw invalid(path, isMissing(cause) ? 'does not exist' : 'cannot be read', cause)
  }
}

function invalid(path: string, what: string, cause: unknown): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', `${path} ${what}.`, { cause, subject: path })
}
