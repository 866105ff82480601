/** The forms of a text by plural category, with `#` in place of the number. Every language has `other`. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

/** Returns a function that writes a number of things: the form that the language wants, with the number in its digits. */
export function plural(language: string, forms: PluralForms): (count: number) => string {
  // Not before there is something to count: a browser's first takes longer than all else that the element's script does.
  let rules: Intl.PluralRules | undefined
  let numbers: Intl.NumberFormat | undefined
  return (count) => {
    rules ??= new Intl.PluralRules(language)
    numbers ??= new Intl.NumberFormat(language)
    return (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count))
  }
}
