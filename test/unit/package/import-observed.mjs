// Imports the module named on the command line and prints, as JSON, what that did to the process.
const watched = ['fetch', 'Worker', 'WebSocket', 'indexedDB', 'caches', 'localStorage', 'document']

const touched = new Set()
for (const name of watched) {
  const original = globalThis[name]
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      touched.add(name)
      return original
    },
    set: () => touched.add(name),
  })
}

const before = new Set(Reflect.ownKeys(globalThis))
const module = await import(process.argv[2])
const added = Reflect.ownKeys(globalThis)
  .filter((key) => !before.has(key))
  .map(String)
const resources = process
  .getActiveResourcesInfo()
  .filter((type) => /^(Timeout|TCP|MessagePort|Worker)/.test(type))

console.log(JSON.stringify({ exports: Object.keys(module), added, touched: [...touched], resources }))
