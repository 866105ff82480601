import { defineConfig } from 'vitepress'
import { repositoryAddress } from '../.ci/repository-address.mjs'
import { keepBraces } from './keep-braces.mjs'
import { linkToRepository } from './link-to-repository.mjs'

const repository = repositoryAddress()
const base = process.env.DOCS_BASE ?? '/'
const demo = process.env.DOCS_DEMO ? [{ text: 'Demo', link: `${base}demo/`, target: '_self' }] : []
const page = (text, link) => ({ text, link: `/${link}` })

/** The documents as they are in the repository: `npm run docs` builds them as static files. */
export default defineConfig({
  title: 'similar-items',
  description: "A web component that shows visually similar products, computed in the shopper's browser.",
  base,
  outDir: './dist-docs',
  cacheDir: './.cache/vitepress',
  srcDir: '.',
  srcExclude: ['test/{bench,fixtures,chaos,faults}/**', 'demo/**', '.*/**', 'llms.txt'],
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // Not the configuration that builds the package.
  vite: { configFile: false, publicDir: false },
  markdown: {
    config(markdown) {
      keepBraces(markdown)
      linkToRepository(markdown, { repository })
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [page('Start', ''), page('Examples', 'examples/README'), ...demo],
    sidebar: [
      {
        text: 'On the page',
        items: [
          page('Start', ''),
          page('The element', 'docs/element'),
          page('Photo search', 'docs/photo-search'),
          page('Serve the files', 'docs/serving'),
          page('InstantSearch', 'docs/instantsearch'),
          page('Shops', 'docs/shops'),
          page('Examples', 'examples/README'),
          page('Translate', 'docs/translate'),
          page('Browsers', 'docs/browsers'),
          page('Pictures of the real world', 'docs/images-of-the-real-world'),
          page('Speed', 'docs/speed'),
          page('Reliability', 'docs/reliability'),
          page('Security', 'SECURITY'),
        ],
      },
      {
        text: 'From code and in a build',
        items: [
          page('The engine', 'docs/engine'),
          page('The command line', 'docs/command-line'),
          page('Feeds', 'docs/feeds'),
          page('Packs', 'docs/packs'),
          page('Vector engines', 'docs/vector-engines'),
          page('Models', 'docs/models'),
          page('The model that ships', 'public/models/siglip-tiny-patch16-224/README'),
        ],
      },
      {
        text: 'Measure',
        items: [
          page('Evaluate', 'docs/evaluate'),
          page('Experiment', 'docs/experiment'),
          page('Tune', 'docs/tune'),
        ],
      },
      {
        text: 'Work on it',
        items: [page('Changelog', 'CHANGELOG'), page('Browser tests', 'test/browser/README')],
      },
    ],
    ...(repository && { socialLinks: [{ icon: 'github', link: repository }] }),
  },
})
