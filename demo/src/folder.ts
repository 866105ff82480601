import type { LocalItem, ShopCatalogue, ShopProduct } from './catalogue.js'

/** More would work; a demo should be quick. */
export const MOST_PHOTOS = 500

/** A picture and where it lies in the folder: `holiday/beach/01.jpg`. */
interface Photo {
  readonly path: string
  readonly file: File
}

/** The photos of a folder chosen with `<input webkitdirectory>`. */
export function photosOf(files: FileList): Photo[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/** The photos of whatever was dropped: folders are walked, files are taken as they are. */
export async function droppedPhotos(transfer: DataTransfer): Promise<Photo[]> {
  // The items are only there until the event handler returns, so all entries are taken before the first wait.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  )
  return (await Promise.all(entries.map(walk))).flat()
}

/**
 * A catalogue of the photos, in the order of their paths. Addresses of the pictures are valid until `close`;
 * nothing of it leaves the page.
 */
export function folderCatalogue(photos: readonly Photo[]): ShopCatalogue & { close(): void } {
  const chosen = photos
    .filter(({ file }) => file.type.startsWith('image/'))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, MOST_PHOTOS)
  const source: LocalItem[] = []
  const products: ShopProduct[] = []
  for (const { path, file } of chosen) {
    const folders = path.split('/').slice(0, -1)
    const title = file.name.replace(/\.[^.]+$/, '').replaceAll(/[_-]+/g, ' ')
    const type = folders.at(-1) ?? 'Photos'
    const address = URL.createObjectURL(file)
    source.push({ id: path, title, image_link: address, product_type: type })
    products.push({ id: path, title, card: address, photo: address, type, variants: [] })
  }
  const close = () => {
    for (const { card } of products) URL.revokeObjectURL(card)
  }
  return { name: 'folder', products, source, cutouts: false, close }
}

async function walk(entry: FileSystemEntry): Promise<Photo[]> {
  const path = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    return [{ path, file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const photos: Photo[] = []
  for (;;) {
    // A reader hands out a folder in batches; an empty one is the end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return photos
    photos.push(...(await Promise.all(batch.map(walk))).flat())
  }
}
