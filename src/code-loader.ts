import { SimilarItemsError } from './errors.js'
import { settleWithin } from './settle-within.js'

/** In seconds: an import says nothing while it waits, and cannot be ended. */
const importLimit = 30

/**
 * A function that imports a script of the package when a page needs it, the same one for all who call it. Most browsers
 * remember that an address could not be imported, and answer later imports of it from memory until the page is loaded
 * anew; so further tries ask for the same file at another address.
 * @param what completes `The code for ... could not be loaded.`
 * @param load its text has the `import('./…')` in it. Where a bundler has put a loader of its own there, that one decides.
 * @returns a function that throws SimilarItemsError `runtime-unreachable` where the script does not come.
 */
export function codeLoader<Code>(what: string, load: () => Promise<Code>): () => Promise<Code> {
  let failures = 0
  let code: Promise<Code> | null = null
  const late = () => new Error(`it did not come within ${importLimit} seconds`)
  return () => {
    const loading = failures === 0 ? load : () => importAgain(load, failures)
    code ??= settleWithin(loading(), importLimit, late).catch((cause: unknown) => {
      failures++
      code = null
      const message = `The code for ${what} could not be loaded. Deploy all files of the dist folder together.`
      throw new SimilarItemsError('runtime-unreachable', message, { cause, mayPass: true })
    })
    return code
  }
}

/** Where several files are built into one, the import takes that one's part: ``import(`./engine.js`).then(e=>e.n)``. */
const importText = /import\(\s*["'`](\.[^"'`]+)["'`]\s*\)(?:\.then\(\(?(\w+)\)?\s*=>\s*\2\.([\w$]+)\))?/

async function importAgain<Code>(load: () => Promise<Code>, failures: number): Promise<Code> {
  const [, path, , part] = importText.exec(String(load)) ?? []
  if (path === undefined) return load()
  // All scripts of the package are in one folder.
  const { href } = new URL(`${path}?try=${failures}`, import.meta.url)
  const file = await import(/* @vite-ignore */ /* webpackIgnore: true */ href)
  return part === undefined ? file : file[part]
}
