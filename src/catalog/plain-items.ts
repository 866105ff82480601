/**
 * The items of a feed as plain data, which can be sent to a worker. Pages have them in many forms: proxies that a
 * framework watches (Vue, Svelte, MobX), class instances, items with functions or with other items in them. What is
 * data of an item is copied; what is not becomes an empty object, which validation ignores or gives a reason for.
 */
export function plainItems(items: readonly unknown[]): unknown[] {
  return Array.from(items, (item) => plain(item, itemDepth))
}

/** An item has attributes, which may be lists. Nothing below is read, so that items may refer to each other. */
const itemDepth = 2

function plain(value: unknown, depth: number): unknown {
  try {
    const data = asData(value)
    if (typeof data !== 'object' || data === null) return data
    if (depth === 0) return {}
    if (Array.isArray(data) || data instanceof Set) {
      return Array.from(data, (element) => plain(element, depth - 1))
    }
    const object: object = data instanceof Map ? Object.fromEntries(data) : data
    const names = depth === itemDepth ? attributesOf(object) : Object.keys(object)
    return Object.fromEntries(names.map((name) => [name, plain(read(object, name), depth - 1)]))
  } catch {
    // A proxy that is revoked, or an object that throws whatever one asks it, has no data.
    return {}
  }
}

/** Dates, addresses, decimals and observable models say what their data is. */
function asData(value: unknown): unknown {
  const { toJSON } = (value ?? {}) as { toJSON?: unknown }
  const data: unknown = typeof toJSON === 'function' && typeof value === 'object' ? toJSON.call(value) : value
  if (typeof data === 'bigint') return String(data)
  return typeof data === 'function' || typeof data === 'symbol' ? {} : data
}

/** Those of an instance may be getters of its class, as models of MobX have them. */
function attributesOf(item: object): string[] {
  const names = new Set<string>()
  for (let of: object | null = item; of && of !== Object.prototype; of = Object.getPrototypeOf(of)) {
    for (const [name, { get, enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
      if (get || enumerable) names.add(name)
    }
  }
  return [...names]
}

function read(object: object, name: string): unknown {
  try {
    return (object as Record<string, unknown>)[name]
  } catch {
    return undefined
  }
}
