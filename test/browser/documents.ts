import { readFileSync } from 'node:fs'

/** The code blocks of one language in a document of this repository, in order. */
export function codeBlocks(document: string, language: string): string[] {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8')
  const blocks = text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)
  return Array.from(blocks)
    .filter(([, blockLanguage]) => blockLanguage === language)
    .map(([, , code]) => code as string)
}

/** The same code for a page that has the package at `/dist/`. */
export function forTestPage(code: string): string {
  return code
    .replaceAll(/import (\{[^}]+\}) from 'similar-items'/g, "import $1 from '/dist/index.js'")
    .replaceAll('/similar-items/', '/dist/')
}
