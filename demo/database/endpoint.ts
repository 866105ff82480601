import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ShopDatabase } from './shop-database.js'

const catalogues = ['photos', 'objects']

/** Answers `/photos?item=ID` and `/objects?item=ID`: to be mounted at `api/similar` below the site. */
export function similarEndpoint(database: ShopDatabase) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    const catalogue = catalogues.find((name) => request.url?.split('?')[0] === `/${name}`)
    if (catalogue === undefined) return next()
    try {
      const asked = performance.now()
      const { listener, loading } = await database.load(catalogue)
      // Only those who waited for the loading hear how long it took.
      const waited = Math.min(loading, performance.now() - asked)
      if (waited > 1) response.setHeader('server-timing', `load;dur=${waited.toFixed(1)}`)
      await listener(request, response)
    } catch (error) {
      next(error)
    }
  }
}
