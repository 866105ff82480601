import { formatPValue } from '../../../src/measure/report/text-table.js'
import type { Comparison } from '../../data/comparison.js'
import { formatShare } from '../format.js'

type Difference = Comparison['encoderOverColours']

/** The answer to "is it better?" in one sentence, whatever the numbers say. */
export function answerText({ queries, estimates }: Comparison): string {
  const first = (method: keyof typeof estimates) => formatShare(estimates[method]['P@1']?.mean ?? Number.NaN)
  return (
    `For ${first('encoder')} of the ${queries} products, the first one that the encoder suggests is from the same ` +
    `shelf. Comparing colours manages ${first('colours')}, chance ${first('random')}.`
  )
}

/** What an interval of a difference allows to say, and no more. */
export function differenceText(better: string, than: string, difference: Difference, level: number): string {
  const { mean, low, high, pValue } = difference
  const interval = `${formatShare(level)} interval ${signed(low)} to ${signed(high)}, ${pValueText(pValue)}`
  if (low > 0) return `${better} is better than ${than}: nDCG@5 ${signed(mean)} (${interval}).`
  if (high < 0) return `${better} is worse than ${than}: nDCG@5 ${signed(mean)} (${interval}).`
  return `Whether ${lowerFirst(better)} is better than ${than} cannot be told from so few products: nDCG@5 ${signed(mean)} (${interval}).`
}

/** How the tuned numbers came about, and that no product was judged with knowledge of itself. */
export function tuningText({ folds, kept }: Comparison['tuning']): string {
  const outcome =
    kept === 0
      ? ''
      : ` For ${kept} of the ${folds} parts nothing better than the encoder was found, and it was kept as it is.`
  return (
    `The catalogue is cut into ${folds} parts; the projection that answers for a product was learned from pairs of ` +
    `products of the same shelf in the other parts only, so that no product is judged by one that saw its label.${outcome}`
  )
}

/** `p < 0.001` or `p = 0.020`, never broken at the end of a line. */
export function pValueText(pValue: number): string {
  const text = formatPValue(pValue)
  return (text.startsWith('<') ? `p ${text}` : `p = ${text}`).replaceAll(' ', '\u00a0')
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
