// Makes the feed from a shop that answers as Vendure 3.7.3 did (its own sample shop, answers.json), and writes the page.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { vendureFeed } from './feed.mjs'
import { serveAnswers } from './serve-answers.mjs'

const site = fileURLToPath(new URL('site/', import.meta.url))
mkdirSync(site, { recursive: true })
const shop = await serveAnswers()
const items = await vendureFeed(shop.address)
shop.close()
for (const item of items) {
  // The pictures that the shop made previews of are served beside the page.
  item.image_link = item.image_link.replace(/^.*\/(.*)__preview/, '/photos/$1')
}
writeFileSync(`${site}feed.json`, JSON.stringify(items))
writeFileSync(
  `${site}index.html`,
  `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Laptop</title>
  <link rel="icon" href="data:," />
  <script type="module" src="/similar-items/define.js"></script>
  <h1>Laptop</h1>
  <similar-items catalog="/feed.json" item="1" loading="eager"></similar-items>
</html>
`,
)
