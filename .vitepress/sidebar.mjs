const page = (text, link) => ({ text, link: `/${link}` })

/** The pages of the site, in the order in which they are read. */
export const sidebar = [
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
      page('Images of the real world', 'docs/images-of-the-real-world'),
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
      page('Many machines', 'docs/many-machines'),
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
]
