import type { Condition, EngineFilter, FilterValues } from './vector-engine.js'

/** What a filter looks at. */
export interface FilteredRow {
  readonly id: string
  readonly group: string | null
  readonly values: FilterValues
}

/** Whether a row passes a filter: what every engine has to do in its own way. */
export function passesFilter({ id, group, values }: FilteredRow, filter: EngineFilter): boolean {
  if (filter.exceptIds.includes(id)) return false
  if (group !== null && filter.exceptGroups.includes(group)) return false
  return filter.conditions.every((condition) => meets(values, condition))
}

function meets(values: FilterValues, condition: Condition): boolean {
  const value = Object.hasOwn(values, condition.attribute) ? values[condition.attribute] : undefined
  if ('oneOf' in condition) return typeof value === 'string' && condition.oneOf.includes(value)
  return typeof value === 'number' && value >= condition.from && value <= condition.to
}
