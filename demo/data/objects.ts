import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type FeedItem, feedFile, feedFolder, pageLink, type SiteFile } from './feed.js'
import { SHELVES, type Shelf } from './shelves.js'

const CATALOGUE = 'objects'

/**
 * A few hundred 3-D rendered objects: pictures from `@lobehub/fluent-emoji-3d` (MIT), names from the Unicode
 * emoji list. They have no price, and none is made up.
 */
export async function objectCatalogue(): Promise<SiteFile[]> {
  const require = createRequire(import.meta.url)
  const assets = join(dirname(require.resolve('@lobehub/fluent-emoji-3d/package.json')), 'assets')
  const names = Object.entries(
    require('unicode-emoji-json/data-by-emoji.json') as Record<string, { name: string; slug: string }>,
  )
  const emoji = names.map(([characters, { name, slug }]) => ({
    name,
    slug,
    picture: pictureName(characters),
  }))

  const items: FeedItem[] = []
  const pictures: Promise<SiteFile>[] = []
  for (const shelf of SHELVES) {
    for (const { name, slug, picture } of onShelf(shelf, emoji)) {
      // The Unicode list is newer than the picture set: what has not been drawn yet is not sold.
      if (!existsSync(join(assets, picture))) continue
      const id = slug.replaceAll('_', '-')
      items.push({
        id,
        title: name.charAt(0).toUpperCase() + name.slice(1),
        link: pageLink(CATALOGUE, id),
        image_link: picture,
        product_type: shelf.name,
      })
      pictures.push(
        readFile(join(assets, picture)).then((content) => ({
          path: `${feedFolder(CATALOGUE)}/${picture}`,
          content,
        })),
      )
    }
  }
  return [feedFile(CATALOGUE, items), ...(await Promise.all(pictures))]
}

function onShelf<Emoji extends { name: string }>(
  { name, runs, without = [] }: Shelf,
  emoji: Emoji[],
): Emoji[] {
  return runs.flatMap(([first, last]) => {
    const from = emoji.findIndex((candidate) => candidate.name === first)
    const to = emoji.findIndex((candidate) => candidate.name === last)
    if (from < 0 || to < from)
      throw new Error(`Shelf "${name}": no run from "${first}" to "${last}" in the Unicode list`)
    return emoji.slice(from, to + 1).filter((candidate) => !without.includes(candidate.name))
  })
}

/** Files are named by code points: `1f6fb.webp`. */
function pictureName(characters: string): string {
  return `${Array.from(characters, (character) => character.codePointAt(0)?.toString(16)).join('-')}.webp`
}
