import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const { totalItems, items } = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8'))

/** A shop that answers as Vendure did, `perAnswer` products at a time. */
export async function serveAnswers({ perAnswer = 2 } = {}) {
  const server = createServer(async (request, response) => {
    const { variables } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const page = items.slice(variables.skip, variables.skip + perAnswer)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ data: { products: { totalItems, items: page } } }))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${server.address().port}/shop-api`, close: () => server.close() }
}
