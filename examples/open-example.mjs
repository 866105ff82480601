import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { findBrowser } from '../test/browser/find-browser.mjs'

const photos = fileURLToPath(new URL('../node_modules/@vendure/create/assets/images', import.meta.url))
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
}

/**
 * Opens a built site in the browser, with four products, and waits for the three that are similar to the first.
 *
 * @param {{ site: string, cdn?: string | undefined }} folders `cdn` is served from an origin of its own, in the place of
 * `https://cdn.example`.
 * @throws {Error} where the list does not appear, or the console has a line.
 */
export async function openExample({ site, cdn }) {
  const cdnServer = cdn && (await serve(cdn, { headers: { 'access-control-allow-origin': '*' } }))
  const server = await serve(site, { cdn: cdnServer && originOf(cdnServer) })
  const origin = originOf(server)
  const { executablePath, env } = findBrowser()
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath, env: { ...process.env, ...env }, args })
  try {
    const page = await browser.newPage()
    const lines = []
    page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => lines.push(String(error)))
    page.on('response', (response) => {
      if (response.status() >= 400) lines.push(`${response.status()} ${response.url()}`)
    })
    await page.goto(`${origin}/`)
    const cards = page.locator('similar-items [part~=card]')
    try {
      await cards.nth(2).waitFor({ timeout: 90_000 })
    } catch {
      throw new Error(`No list at ${site}.\n${lines.join('\n')}`)
    }
    if (await page.locator('output').count()) {
      await cards.first().click()
      await page.locator('output', { hasText: /\S/ }).waitFor({ timeout: 10_000 })
    }
    if (lines.length > 0) throw new Error(`The console of ${site} has lines:\n${lines.join('\n')}`)
  } finally {
    await browser.close()
    server.close()
    cdnServer?.close()
  }
}

function originOf(server) {
  return `http://127.0.0.1:${server.address().port}`
}

/** Serves a folder, and below it the feed and the pictures of a shop. Pages name the origin `cdn` as `https://cdn.example`. */
async function serve(folder, { headers = {}, cdn } = {}) {
  const names = readdirSync(photos)
    .filter((name) => name.endsWith('.jpg'))
    .slice(0, 4)
  const catalog = names.map((name, index) => ({
    id: `sku-0${index + 1}`,
    title: name.replace(/\.jpg$/, ''),
    link: `/p/${index + 1}`,
    image_link: `/photos/${name}`,
    price: `${index + 10}.00 EUR`,
  }))
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname)
    if (path === '/catalog.json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(catalog))
      return
    }
    const [base, rest] = path.startsWith('/photos/') ? [photos, path.slice(8)] : [folder, path]
    const file = [join(base, rest), join(base, rest, 'index.html')].find((candidate) => {
      return candidate.startsWith(base) && statSync(candidate, { throwIfNoEntry: false })?.isFile()
    })
    if (!file) {
      response.writeHead(404).end()
      return
    }
    const type = types[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, ...headers })
    if (cdn && extname(file) === '.html') {
      response.end(readFileSync(file, 'utf8').replaceAll('https://cdn.example', cdn))
    } else {
      createReadStream(file).pipe(response)
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
