import type { JsonShape } from './json-shape.js'

/** Objects in the attribute names of Google Merchant. */
export const merchantJson: JsonShape = {
  name: 'merchant',
  isOf: () => true,
  items: (values) => values,
}
