import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadStrings, stringsFor } from '../../../src/element/words/load-strings.js'
import { plural } from '../../../src/element/words/plural.js'
import { type ElementStrings, english } from '../../../src/element/words/strings.js'

const languages = ['ar', 'de', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pl', 'pt']
type Key = keyof ElementStrings
const keys = Object.keys(english) as Key[]

/** Arguments that can be found again in what a function of the strings returns. */
const marks = ['‹1›', '‹2›', '‹3›', '‹4›']

function write(strings: ElementStrings, key: Key): string {
  const value = strings[key] as string | ((...values: readonly unknown[]) => string)
  return typeof value === 'string' ? value : value(...marks.slice(0, value.length))
}

/** Those that take a number, which a mark is not. */
const counted: readonly Key[] = ['found', 'photoResults']

describe.each(languages)('the words in %s', (language) => {
  it('are all there, none of them empty or left in English', async () => {
    await loadStrings(language)
    const strings = stringsFor(language) ?? english
    expect(Object.keys(strings).sort()).toEqual(keys.toSorted())
    for (const key of keys.filter((key) => !counted.includes(key))) {
      const text = write(strings, key)
      expect(text.trim(), key).toBe(text)
      expect(text, key).not.toBe('')
    }
    const same = keys.filter((key) => !counted.includes(key) && write(strings, key) === write(english, key))
    // A word or two are the same in neighbouring languages; sentences are not.
    expect(
      same.filter((key) => write(english, key).includes(' ') && !write(english, key).includes('‹')),
    ).toEqual([])
  })

  it('keep every placeholder, once', async () => {
    await loadStrings(language)
    const strings = stringsFor(language) ?? english
    const found = (text: string) => marks.filter((mark) => text.split(mark).length === 2)
    for (const key of keys.filter((key) => !counted.includes(key))) {
      expect(found(write(strings, key)), key).toEqual(found(write(english, key)))
    }
  })

  it('count, in every form that the language has', async () => {
    await loadStrings(language)
    const strings = stringsFor(language) ?? english
    const numbers = new Intl.NumberFormat(language)
    const forms = new Intl.PluralRules(language)
    for (const count of [0, 1, 2, 3, 5, 11, 21, 22, 100, 1234]) {
      const texts = [strings.found(count, '‹heading›'), strings.photoResults(count)]
      expect(texts[0]).toContain('‹heading›')
      // Arabic says none, one and two without a digit.
      const isWord = language === 'ar' && ['zero', 'one', 'two'].includes(forms.select(count))
      for (const text of texts) {
        expect(text).not.toContain('#')
        if (!isWord) expect(text).toContain(numbers.format(count))
      }
    }
  })
})

describe('the words for a language tag', () => {
  it('are those of its primary language, else English', async () => {
    await loadStrings('de-CH')
    expect(stringsFor('DE-at')?.close).toBe('Schließen')
    for (const tag of ['en-GB', '', 'xx', 'constructor', '__proto__']) expect(stringsFor(tag)).toBe(english)
  })

  it('come from files that are all listed', () => {
    const folder = new URL('../../../src/element/languages/', import.meta.url)
    expect(readdirSync(folder).sort()).toEqual(languages.map((language) => `${language}.ts`))
  })

  it('have a plural form for each number, with its digits', () => {
    const files = plural('pl', { one: '# plik', few: '# pliki', many: '# plików', other: '# pliku' })
    expect([1, 2, 5, 22, 25, 1.5].map(files)).toEqual([
      '1 plik',
      '2 pliki',
      '5 plików',
      '22 pliki',
      '25 plików',
      '1,5 pliku',
    ])
  })
})
