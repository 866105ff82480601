const amounts = new Map<string, Intl.NumberFormat>()
const integer = new Intl.NumberFormat('en')

/** `"1299.00 USD"` as `$1,299.00`. */
export function formatPrice(price: string): string {
  const [amount = '', currency = 'USD'] = price.split(' ')
  let format = amounts.get(currency)
  if (!format) {
    format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
    amounts.set(currency, format)
  }
  return format.format(Number(amount))
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${milliseconds.toFixed(1)} ms`
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${integer.format(count)} ${count === 1 ? one : many}`
}

/** A share of 1 as a percentage: 0.0573 is `5.7%`, 0.66 is `66%`. */
export function formatShare(share: number): string {
  return `${Number((100 * share).toFixed(share < 0.1 ? 1 : 0))}%`
}

/** A relative difference: 0.14 is `+14.0%`. */
export function formatLift(lift: number): string {
  return `${lift < 0 ? '−' : '+'}${Math.abs(100 * lift).toFixed(1)}%`
}
