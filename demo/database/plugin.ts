import type { Plugin } from 'vite'
import { similarEndpoint } from './endpoint.js'
import { ShopDatabase } from './shop-database.js'

/** The mode of a build whose pages may ask a database: those of `npm run demo`, which have a server. */
export const DATABASE_MODE = 'database'

/** `api/similar/photos` and `api/similar/objects` of the server that shows the demo. */
export function shopDatabase(): Plugin {
  return {
    name: 'shop-database',
    configurePreviewServer({ middlewares, httpServer }) {
      const database = new ShopDatabase()
      middlewares.use('/api/similar', similarEndpoint(database))
      httpServer.once('close', () => database.close())
    },
  }
}
