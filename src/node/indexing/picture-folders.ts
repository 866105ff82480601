import { existsSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileInFolder } from '../files/file-in-folder.js'

/**
 * Where the pictures of relative links may be: beside the feed, and where pages look for them, which is below one of the
 * folders that hold the output. Those are all that are within the working directory; elsewhere the nearest two.
 */
export function pictureFolders(feed: string, out: string): string[] {
  const folder = resolve(out)
  const path = relative('', folder)
  const names = path.split(sep)
  // On another drive of Windows the path is an absolute one.
  const count = names[0] === '..' || isAbsolute(path) ? 2 : names.length
  const above: string[] = []
  for (let place = folder; above.length < count; place = dirname(place)) above.push(place)
  return [...new Set([resolve(dirname(feed)), ...above])]
}

/** The `file:` URL of the picture of a relative link: in the first folder that has it, else in the first. */
export function pictureInFolders(folders: readonly string[], link: string): string | undefined {
  const places = folders.map((folder) => fileInFolder(folder, link))
  if (places.length < 2) return places[0]
  return places.find((place) => existsSync(fileURLToPath(place))) ?? places[0]
}
