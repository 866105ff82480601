/**
 * A price as Google Merchant writes it, such as `1290.50 EUR`.
 * @param written an amount as some platform writes it: `1 290,50`, `1,290.50`, `1290.5`, with or without a currency.
 * @param currency ISO 4217 code for an amount that has none.
 * @returns the text as it is where it is no amount, without a currency where none is known; undefined without a text.
 */
export function price(
  written: string | number | null | undefined,
  currency: string | undefined,
): string | undefined {
  if (written === undefined || written === null || written === '') return undefined
  const text = String(written).replace(/[\s\u00a0\u202f']/g, '')
  const [, before = '', digits = '', after = ''] = /^([A-Z]{3})?(\d[\d.,]*)([A-Z]{3})?$/i.exec(text) ?? []
  if (digits === '') return String(written).trim()
  const code = (before || after || currency)?.toUpperCase()
  const amount = decimal(digits)
  return code ? `${amount} ${code}` : amount
}

/** With a point before the decimals, and nothing between thousands. */
function decimal(digits: string): string {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (last < 0) return digits
  const mark = digits[last] as string
  const isRepeated = digits.indexOf(mark) !== last
  const hasOther = /[.]/.test(digits) && /[,]/.test(digits)
  const decimals = digits.length - last - 1
  // `1,290` is a thousand and more; `1.290` has three decimals only where points are used for nothing else.
  const isThousands = isRepeated || (!hasOther && mark === ',' && decimals === 3)
  const whole = digits.slice(0, isThousands ? digits.length : last).replace(/[.,]/g, '')
  const fraction = isThousands ? '' : digits.slice(last + 1)
  return fraction === '' ? whole : `${whole}.${fraction}`
}
