/**
 * A price as Google Merchant writes it, such as `1290.50 EUR`.
 * @param written an amount as some platform or person writes it: `1 290,50`, `$1,290.50`, `12,– €`, with or without a
 * currency.
 * @param currency ISO 4217 code for an amount that has none, or a sign of several currencies.
 * @returns the text as it is where it is no amount, without a currency where none is known; undefined without a text.
 */
export function price(
  written: string | number | null | undefined,
  currency: string | undefined,
): string | undefined {
  if (written === undefined || written === null || written === '') return undefined
  const text = String(written).replace(/[\s\u00a0\u202f\u2009'’]/g, '')
  const [, before = '', digits = '', after = ''] = amount.exec(text) ?? []
  if (digits === '' || (before !== '' && after !== '')) return String(written).trim()
  const sign = before || after
  const code = sign === '' ? currency?.toUpperCase() : currencyOf(sign, currency)
  // A sign that is not known: the shop's own words are better than another currency.
  if (sign !== '' && code === undefined) return String(written).trim()
  const number = decimal(digits)
  return code ? `${number} ${code}` : number
}

/** Nothing after the comma may be a dash: `12,-`. */
const amount = /^([^\d.,+-]*)(\d[\d.,]*?)(?:[.,][-–—]{1,2})?([^\d.,+-]*\.?)$/u

/** Signs of one currency; those that several have are left to the shop. */
const signs: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  us$: 'USD',
  r$: 'BRL',
  zł: 'PLN',
  kč: 'CZK',
  ft: 'HUF',
  lei: 'RON',
  лв: 'BGN',
  '₽': 'RUB',
  руб: 'RUB',
  '₴': 'UAH',
  '₺': 'TRY',
  tl: 'TRY',
  '₹': 'INR',
  '₩': 'KRW',
  원: 'KRW',
  円: 'JPY',
  '₫': 'VND',
  '฿': 'THB',
  '₪': 'ILS',
}

const shared: Readonly<Record<string, RegExp>> = {
  $: /^(USD|CAD|AUD|NZD|SGD|HKD|TWD|MXN|ARS|CLP|COP)$/,
  '¥': /^(JPY|CNY)$/,
  '￥': /^(JPY|CNY)$/,
  kr: /^(SEK|NOK|DKK|ISK)$/,
}

function currencyOf(written: string, given: string | undefined): string | undefined {
  const sign = written.toLowerCase().replace(/\.$/, '')
  const code = given?.toUpperCase()
  const known = signs[sign] ?? (code !== undefined && shared[sign]?.test(code) ? code : undefined)
  return known ?? (/^[a-z]{3}$/.test(sign) ? sign.toUpperCase() : undefined)
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
