// Builds the documents as static files into dist-docs/: npm run docs [-- --base /path/]
//
// The site's tool is installed for it alone, in .vitepress/, so that nobody else pays for it. The demo is part of the site
// where it has been built (npm run demo -- --build).
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { deadLinks, emptyPages } from './dead-links.mjs'
import { runNpm, staleReason } from './install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const tool = join(root, '.vitepress')
const site = join(root, 'dist-docs')
const { values } = parseArgs({ options: { base: { type: 'string', default: '/' } } })
if (!/^\/(?:.*\/)?$/.test(values.base)) {
  console.error(`--base ${values.base}: the path begins and ends with a slash, as in /docs/.`)
  process.exit(2)
}

if (staleReason(tool)) runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], tool)
const demo = join(root, 'dist-demo')
const hasDemo = existsSync(demo)
const env = { ...process.env, DOCS_BASE: values.base, DOCS_DEMO: hasDemo ? 'yes' : '' }
const vitepress = join(tool, 'node_modules', 'vitepress', 'bin', 'vitepress.js')
const { status } = spawnSync(process.execPath, [vitepress, 'build', root], { stdio: 'inherit', env })
if (status !== 0) process.exit(status ?? 1)
if (hasDemo) cpSync(demo, join(site, 'demo'), { recursive: true })
else console.log('The site has no demo: npm run demo -- --build makes it.')

// A page whose rendering fails is left empty by the tool, which goes on.
const problems = [
  ...emptyPages(site).map((page) => `${page} is empty`),
  ...deadLinks(site, values.base).map(({ page, link }) => `${page}: ${link} leads nowhere`),
]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
