import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { codeBlocks } from '../../browser/documents.js'

const site = mkdtempSync(join(tmpdir(), 'similar-items-'))
afterAll(() => rmSync(site, { recursive: true, force: true }))

test('a Vite site that has the copied folder loads it by the tag of docs/serving.md, and has the files once', async () => {
  const tag = codeBlocks('docs/serving.md', 'html').find((code) =>
    /^<script [^>]*define\.js.*script>\s*$/.test(code),
  )
  expect(tag).toBeDefined()
  mkdirSync(join(site, 'public', 'similar-items'), { recursive: true })
  mkdirSync(join(site, 'node_modules'))
  symlinkSync(
    fileURLToPath(new URL('../../..', import.meta.url)),
    join(site, 'node_modules', 'similar-items'),
  )
  writeFileSync(join(site, 'public', 'similar-items', 'define.js'), 'document.title = "copied"')
  writeFileSync(join(site, 'main.ts'), "import type {} from 'similar-items/define'\n")
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><script type="module" src="/main.ts"></script>${tag}`,
  )
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  await build({
    root: site,
    configFile: false,
    customLogger: {
      info: () => undefined,
      warn,
      warnOnce: warn,
      error: warn,
      clearScreen: () => undefined,
      hasErrorLogged: () => false,
      hasWarned: false,
    },
  })
  expect(warnings).toEqual([])
  expect(readFileSync(join(site, 'dist', 'index.html'), 'utf8')).toContain('src="/similar-items/define.js"')
  const names = readdirSync(join(site, 'dist'), { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map(({ name }) => name)
  expect(files.filter((name) => !/^index.*\.(js|html)$/.test(name))).toEqual(['define.js'])
})
