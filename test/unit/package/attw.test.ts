import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPackage, Package } from '@arethetypeswrong/core'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const built = existsSync(`${root}dist/index.js`)
if (!built) console.log('dist is absent: run npm run build to check the types of the package')

test.skipIf(!built)('are the types wrong? No, of no entry', async () => {
  // What is not script or type is only there.
  const paths = readdirSync(`${root}dist`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
  const files = Object.fromEntries(
    ['package.json', ...paths].map((path) => [
      `/node_modules/similar-items/${path.replaceAll('\\', '/')}`,
      /\.(ts|js|json)$/.test(path) ? readFileSync(root + path, 'utf8') : '',
    ]),
  )
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  const result = await checkPackage(new Package(files, 'similar-items', version), {
    excludeEntrypoints: ['./custom-elements.json'],
  })
  if (!result.types) throw new Error('There are no types.')
  expect(Object.keys(result.entrypoints)).toContain('./instantsearch')
  // The package is for modules: neither for `require` nor for resolvers that know no `exports`.
  const problems = result.problems.filter((problem) => {
    return !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind)
  })
  expect(problems).toEqual([])
})
