// Renders the theme block for the first product, with what Shopify adds to Liquid.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Liquid } from 'liquidjs'

const here = fileURLToPath(new URL('.', import.meta.url))

/** @param {{ files: string }} settings where the files of similar-items are. @returns {Promise<string>} the page. */
export async function renderPage({ files }) {
  const products = JSON.parse(readFileSync(`${here}products.json`, 'utf8'))
  const liquid = new Liquid({ root: `${here}blocks`, partials: `${here}snippets`, extname: '.liquid' })
  // Shopify: "json outputs a JavaScript value and encodes <, >, and &".
  liquid.registerFilter('json', (value) => {
    const encode = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    return JSON.stringify(value).replace(/[<>&]/g, encode)
  })
  liquid.registerFilter('image_url', ({ src }, [, width]) => `${src}?width=${width}`)
  liquid.registerTag('schema', rawBlock('endschema'))
  liquid.registerTag('paginate', renderedBlock('endpaginate'))
  const block = await liquid.renderFile(
    'similar-items',
    {
      product: products[0],
      block: { settings: { collection: null, limit: 12, files }, shopify_attributes: '' },
      collections: { all: { products } },
    },
    { globals: { cart: { currency: { iso_code: 'EUR' } } } },
  )
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Product</title>
  <link rel="icon" href="data:," />
  <h1>Product</h1>
  ${block}
</html>
`
}

/** A tag whose content is not part of the page. */
function rawBlock(end) {
  return {
    parse(_, tokens) {
      while (tokens.length > 0 && tokens.shift().name !== end);
    },
    render() {},
  }
}

/** A tag whose content is part of the page as it is. */
function renderedBlock(end) {
  return {
    parse(_, tokens) {
      this.templates = []
      this.liquid.parser
        .parseStream(tokens)
        .on(`tag:${end}`, function () {
          this.stop()
        })
        .on('template', (template) => this.templates.push(template))
        .start()
    },
    *render(context, emitter) {
      yield this.liquid.renderer.renderTemplates(this.templates, context, emitter)
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${here}site`, { recursive: true })
  writeFileSync(`${here}site/index.html`, await renderPage({ files: 'https://cdn.example/similar-items/' }))
}
