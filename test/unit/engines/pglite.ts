/** The demo's database is the one that the engines are tested with. */
export { openPglite } from '../../../demo/database/pglite.js'
