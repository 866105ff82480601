import { defineConfig } from 'vitepress'
import { repositoryAddress } from '../.ci/repository-address.mjs'
import { keepBraces } from './keep-braces.mjs'
import { linkToRepository } from './link-to-repository.mjs'
import { sidebar } from './sidebar.mjs'

const repository = repositoryAddress()
const base = process.env.DOCS_BASE ?? '/'
const demo = process.env.DOCS_DEMO ? [{ text: 'Demo', link: '/demo/', target: '_self' }] : []

/** The documents as they are in the repository: `npm run docs` builds them as static files. */
export default defineConfig({
  title: 'similar-items',
  description: "A web component that shows visually similar products, computed in the shopper's browser.",
  base,
  outDir: './dist-docs',
  cacheDir: './.cache/vitepress',
  srcDir: '.',
  srcExclude: ['test/{bench,fixtures,chaos,faults}/**', 'demo/**', 'dist*/**', '.*/**', 'llms.txt'],
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // Not the configuration that builds the package.
  vite: { configFile: false, publicDir: false },
  markdown: {
    // The usual pair has comments of too little contrast.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(markdown) {
      keepBraces(markdown)
      linkToRepository(markdown, { repository })
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [{ text: 'Start', link: '/' }, { text: 'Examples', link: '/examples/README' }, ...demo],
    // Its label has to begin with the words that are seen.
    notFound: {
      quote: 'There is no page at this address.',
      linkText: 'To the start',
      linkLabel: 'To the start',
    },
    sidebar,
    ...(repository && { socialLinks: [{ icon: 'github', link: repository }] }),
  },
})
