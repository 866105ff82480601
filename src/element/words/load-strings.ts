import { type ElementStrings, english } from './strings.js'

/** A page loads no more than the words of its own language. English is always there. */
const loaders: Readonly<Record<string, () => Promise<{ readonly strings: ElementStrings }>>> = {
  ar: () => import('../languages/ar.js'),
  de: () => import('../languages/de.js'),
  es: () => import('../languages/es.js'),
  fr: () => import('../languages/fr.js'),
  it: () => import('../languages/it.js'),
  ja: () => import('../languages/ja.js'),
  ko: () => import('../languages/ko.js'),
  nl: () => import('../languages/nl.js'),
  pl: () => import('../languages/pl.js'),
  pt: () => import('../languages/pt.js'),
}

const loaded = new Map<string, ElementStrings>()

/** The strings for a BCP 47 tag by its primary language; null while they are to be loaded, English where there are none. */
export function stringsFor(language: string): ElementStrings | null {
  const primary = primaryLanguage(language)
  return Object.hasOwn(loaders, primary) ? (loaded.get(primary) ?? null) : english
}

/**
 * Resolves once `stringsFor` has an answer. Words that cannot be loaded are English from then on, and the rejection
 * says why.
 */
export async function loadStrings(language: string): Promise<void> {
  const primary = primaryLanguage(language)
  try {
    const module = await (Object.hasOwn(loaders, primary) ? loaders[primary]?.() : null)
    if (module) loaded.set(primary, module.strings)
  } catch (error) {
    loaded.set(primary, english)
    throw error
  }
}

function primaryLanguage(language: string): string {
  return language.toLowerCase().split('-', 1)[0] ?? ''
}
