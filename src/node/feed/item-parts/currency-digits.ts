/** Whether the unit of a currency has a thousand parts in use, so that its prices have three decimals. */
export function isThousandth(code: string | undefined): boolean {
  return code !== undefined && thousandths.has(code)
}

/**
 * Whether prices in a currency have no decimals: ISO 4217 gives it none, or its parts are worth nothing and nobody
 * writes them.
 */
export function isWhole(code: string | undefined): boolean {
  return code !== undefined && wholes.has(code)
}

/** ISO 4217, exponent 3; the Iraqi dinar is there by name only. */
const thousandths: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])

const wholes: ReadonlySet<string> = new Set([
  // ISO 4217, exponent 0.
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ],
  // In use.
  ...[
    'COP',
    'CRC',
    'HUF',
    'IDR',
    'IQD',
    'IRR',
    'KHR',
    'LAK',
    'LBP',
    'MGA',
    'MMK',
    'MNT',
    'SLL',
    'SYP',
    'TZS',
    'UZS',
  ],
])
