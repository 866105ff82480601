import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { request as ask, createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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

/** @returns the origin at which a server of {@link serve} answers. */
export function originOf(server) {
  return `http://127.0.0.1:${server.address().port}`
}

/**
 * Serves an example, and below it the feed and the pictures of a shop.
 *
 * @param {{ folder?: string, origin?: string, headers?: Record<string, string>, cdn?: string }} example The folder of its
 * files, or the origin of its own server. Its pages name the origin `cdn` as `https://cdn.example`.
 */
export async function serve({ folder, origin, headers = {}, cdn }) {
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
    } else if (path.startsWith('/photos/')) {
      sendFile(photos, path.slice(8))
    } else if (origin) {
      const { method, headers } = request
      const asked = ask(new URL(request.url, origin), { method, headers }, (answer) => {
        answer.pipe(response.writeHead(answer.statusCode, answer.headers))
      })
      asked.on('error', (error) => response.writeHead(502).end(error.message))
      request.pipe(asked)
    } else {
      sendFile(folder, path)
    }

    function sendFile(base, path) {
      const file = [join(base, path), join(base, path, 'index.html')].find((candidate) => {
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
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
