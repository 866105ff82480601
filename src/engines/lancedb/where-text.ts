import { isStorable } from '../storable.js'
import type { Condition, EngineFilter } from '../vector-engine.js'

/** A value as a literal of LanceDB's SQL, which has no parameters: a quote is the only letter that means something. */
export function textLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** What a row has to have in `labels` to meet a condition on a text. */
export function labelOf(attribute: string, value: string): string {
  return JSON.stringify([attribute, value])
}

/** The condition that a filter puts on rows, or null where it puts none. */
export function whereText(filter: EngineFilter): string | null {
  // What cannot be stored is nobody's id.
  const ids = filter.exceptIds.filter(isStorable)
  const groups = filter.exceptGroups.filter(isStorable)
  const parts = filter.conditions.map(conditionText)
  if (ids.length > 0) parts.push(`id not in (${literals(ids)})`)
  if (groups.length > 0) parts.push(`(item_group is null or item_group not in (${literals(groups)}))`)
  return parts.length > 0 ? parts.join(' and ') : null
}

function conditionText(condition: Condition): string {
  const { attribute } = condition
  if (!isStorable(attribute)) return 'false'
  if ('oneOf' in condition) {
    const labels = condition.oneOf.filter(isStorable).map((value) => labelOf(attribute, value))
    return labels.length > 0 ? `array_has_any(labels, make_array(${literals(labels)}))` : 'false'
  }
  const place = `cast(array_position(numbers, ${textLiteral(attribute)}) as bigint)`
  const number = `array_element(amounts, ${place})`
  const { from, to } = condition
  return [
    `${number} is not null`,
    ...(from === Number.NEGATIVE_INFINITY ? [] : [`${number} >= ${numberLiteral(from)}`]),
    ...(to === Number.POSITIVE_INFINITY ? [] : [`${number} <= ${numberLiteral(to)}`]),
  ].join(' and ')
}

function numberLiteral(value: number): string {
  return `cast('${value}' as double)`
}

function literals(values: readonly string[]): string {
  return values.map(textLiteral).join(', ')
}
