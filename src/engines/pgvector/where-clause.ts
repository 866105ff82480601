import { isStorable } from '../storable.js'
import type { Condition, EngineFilter } from '../vector-engine.js'

/** SQL whose values are parameters: `$n` is the n-th of all parameters of its statement. */
export interface SqlPart {
  readonly sql: string
  /** Texts, whatever they stand for: every driver sends these alike. */
  readonly params: readonly string[]
}

/** The condition that a filter puts on rows. @param before number of parameters that come first in the statement. */
export function whereClause(filter: EngineFilter, before: number): SqlPart {
  const params: string[] = []
  const param = (value: string) => {
    params.push(value)
    return `($${before + params.length}::text)`
  }
  const parts = [
    // What cannot be stored is nobody's id.
    ...filter.exceptIds.filter(isStorable).map((id) => `id <> ${param(id)}`),
    ...filter.exceptGroups.filter(isStorable).map((group) => `item_group is distinct from ${param(group)}`),
    ...filter.conditions.map((condition) => conditionSql(condition, param)),
  ]
  return { sql: parts.length > 0 ? parts.join(' and ') : 'true', params }
}

function conditionSql(condition: Condition, param: (value: string) => string): string {
  const { attribute } = condition
  if (!isStorable(attribute)) return 'false'
  if ('oneOf' in condition) {
    const values = condition.oneOf.filter(isStorable)
    const some = values.map(
      (value) => `attributes @> ${param(JSON.stringify({ [attribute]: value }))}::jsonb`,
    )
    return some.length > 0 ? `(${some.join(' or ')})` : 'false'
  }
  const name = param(attribute)
  const [from, to] = [condition.from, condition.to].map((end) => `${param(String(end))}::float8`)
  return (
    `case when jsonb_typeof(attributes -> ${name}) = 'number' ` +
    `then (attributes ->> ${name})::float8 between ${from} and ${to} else false end`
  )
}
