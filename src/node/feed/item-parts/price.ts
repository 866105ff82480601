import { isThousandth, isWhole } from './currency-digits.js'

/**
 * A price as Google Merchant writes it, such as `1290.50 EUR`. Three digits behind a single point are thousands where
 * people write a price, with a sign or a code before it (`1.290 €`, `CHF 1.290`), and in currencies without decimals;
 * they are decimals behind a bare number or before a code (`12.990 EUR`), as machines write it.
 * @param written an amount as some platform or person writes it: `1 290,50`, `$1,290.50`, `12,– €`, with or without a
 * currency.
 * @param currency ISO 4217 code for an amount that has none, or a sign of several currencies.
 * @param onPoint is called where such a point was read.
 * @returns the text as it is where it is no amount, without a currency where none is known; undefined without a text.
 */
export function price(
  written: string | number | null | undefined,
  currency: string | undefined,
  onPoint?: (meaning: PointMeaning) => void,
): string | undefined {
  if (written === undefined || written === null || written === '') return undefined
  const text = String(written).replace(unseen, '').replace(footnote, '')
  const [, before = '', digits = '', after = ''] = amount.exec(text) ?? []
  if (digits === '' || (before !== '' && after !== '')) return String(written).trim()
  const sign = before || after
  const code = sign === '' ? currency?.toUpperCase() : currencyOf(sign, currency)
  // A sign that is not known: the shop's own words are better than another currency.
  if (sign !== '' && code === undefined) return String(written).trim()
  const isByHand = before !== '' || (after !== '' && !/^[a-z]{3}$/i.test(after))
  // A number is as a machine has it.
  const mark = typeof written === 'number' ? 'other' : markOf(digits, code, isByHand)
  if (mark !== 'other') onPoint?.(mark)
  const number = decimal(digits, mark, code)
  return code ? `${number} ${code}` : number
}

/** Spaces, also by their names in HTML, marks of thousands and of directions. */
const unseen = /&(?:nbsp|thinsp|#160|#xa0|#8239|#x202f);|[\s'’\u200b-\u200f\u061c\u2060\u2066-\u2069]/gi

/** The asterisk of one; between digits it means another thing. */
const footnote = /^\*{1,3}|\*{1,3}$/g

/** Nothing after the comma may be a dash: `12,-`. */
const amount = /^([^\d.,+-]*)(\d[\d.,]*?)(?:[.,][-–—]{1,2})?([^\d.,+-]*\.?)$/u

/** Signs and other names of one currency; those that several have are left to the shop. */
const signs: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  euro: 'EUR',
  us$: 'USD',
  ca$: 'CAD',
  c$: 'CAD',
  a$: 'AUD',
  au$: 'AUD',
  nz$: 'NZD',
  hk$: 'HKD',
  nt$: 'TWD',
  s$: 'SGD',
  sg$: 'SGD',
  mx$: 'MXN',
  r$: 'BRL',
  zł: 'PLN',
  kč: 'CZK',
  ft: 'HUF',
  lei: 'RON',
  rmb: 'CNY',
  nis: 'ILS',
  rur: 'RUB',
  kcs: 'CZK',
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
  rp: 'IDR',
  '₲': 'PYG',
  '₱': 'PHP',
}

/** Of these the one that the shop has, before the one above. */
const shared: Readonly<Record<string, RegExp>> = {
  c$: /^(CAD|NIO)$/,
  $: /^(USD|CAD|AUD|NZD|SGD|HKD|TWD|MXN|ARS|CLP|COP)$/,
  '¥': /^(JPY|CNY)$/,
  '￥': /^(JPY|CNY)$/,
  kr: /^(SEK|NOK|DKK|ISK)$/,
}

function currencyOf(written: string, given: string | undefined): string | undefined {
  const sign = written.toLowerCase().replace(/\.$/, '')
  return ofSign(sign, given) ?? (/^[a-z]{3}$/.test(sign) ? sign.toUpperCase() : undefined)
}

/**
 * The currency that a text beside a price names, by its code or a sign; undefined for another one.
 * @param given the shop's, where a sign may be several.
 */
export function knownCurrency(written: string, given: string | undefined): string | undefined {
  const sign = written.trim().toLowerCase().replace(/\.$/, '')
  const code = sign.toUpperCase()
  return ofSign(sign, given) ?? (known.has(code) ? code : undefined)
}

const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

function ofSign(sign: string, given: string | undefined): string | undefined {
  const code = given?.toUpperCase()
  if (code !== undefined && Object.hasOwn(shared, sign) && shared[sign]?.test(code)) return code
  return Object.hasOwn(signs, sign) ? signs[sign] : undefined
}

/** With a point before the decimals, and nothing between thousands. */
function decimal(digits: string, meaning: PointMeaning | 'other', code: string | undefined): string {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','))
  if (last < 0) return digits
  const mark = digits[last] as string
  const isRepeated = digits.indexOf(mark) !== last
  // `1,290` is a thousand and more, but not where prices have three decimals behind a comma.
  const isCommaOfThousands = mark === ',' && mayBeThousands.test(digits) && code !== 'TND'
  const isThousands = isRepeated || isCommaOfThousands || meaning === 'thousands'
  const whole = digits.slice(0, isThousands ? digits.length : last).replace(/[.,]/g, '')
  const fraction = isThousands ? '' : digits.slice(last + 1)
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** What a single point before three digits is. */
export type PointMeaning = 'thousands' | 'decimals'

/** A mark of thousands or of three decimals. */
const mayBeThousands = /^[1-9]\d{0,2}[.,]\d{3}$/

function markOf(digits: string, code: string | undefined, isByHand: boolean): PointMeaning | 'other' {
  if (!digits.includes('.') || !mayBeThousands.test(digits) || isThousandth(code)) return 'other'
  return isByHand || isWhole(code) ? 'thousands' : 'decimals'
}
