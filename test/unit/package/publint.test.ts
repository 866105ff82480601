import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const built = existsSync(`${root}dist/index.js`)
if (!built) console.log('dist is absent: run npm run build to lint the package')

test.skipIf(!built)('publint has nothing to say about the package', async () => {
  const { messages } = await publint({ pkgDir: root, level: 'warning', pack: false, strict: true })
  // Without packing it also sees the package.json files of examples, which are not published.
  expect(messages.filter(({ code }) => code !== 'NESTED_PACKAGE_JSON_FIELD_IGNORED')).toEqual([])
})
