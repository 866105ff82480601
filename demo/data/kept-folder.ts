import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What builds keep of a catalogue for the next: its pictures, its pack, what was measured. */
export const keptFolder = (catalogue: string) => join(root, '.cache', 'demo', catalogue)

/** The feed with its pictures beside it, as a shop would have them. */
export const shopFolder = (catalogue: string) => join(keptFolder(catalogue), 'shop')

/** What `similar-items index` wrote for it. */
export const packFolder = (catalogue: string) => join(keptFolder(catalogue), 'pack')
