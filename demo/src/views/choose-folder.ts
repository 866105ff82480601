import { canAskDatabase } from '../database/asking.js'
import { create } from '../dom.js'
import { droppedPhotos, folderCatalogue, MOST_PHOTOS, photosOf } from '../folder.js'

type FolderCatalogue = ReturnType<typeof folderCatalogue>

const WITHOUT_SERVER =
  'Everything stays on this device. There is no server to send a photo to, and this page’s security policy tells the browser to refuse if it tried.'
const BESIDE_DATABASE =
  'Everything stays on this device. The demo’s database is never asked about these photos, and this page’s security policy tells the browser to refuse to send them anywhere else.'

/** Asks for a folder of photos; `onCatalogue` gets the catalogue made of it. */
export function chooseFolderView(onCatalogue: (catalogue: FolderCatalogue) => void): HTMLElement[] {
  const input = create('input', {
    type: 'file',
    webkitdirectory: true,
    multiple: true,
    class: 'visually-hidden',
    id: 'folder',
  })
  const message = create('p', { class: 'drop-message', role: 'status' })
  const zone = create(
    'div',
    { class: 'drop' },
    create('p', { class: 'drop-title' }, 'Drop a folder of photos here'),
    create('p', { class: 'drop-or' }, 'or'),
    input,
    create('label', { class: 'button', for: 'folder' }, 'Choose a folder'),
    message,
  )

  const take = (photos: Parameters<typeof folderCatalogue>[0]) => {
    const catalogue = folderCatalogue(photos)
    if (catalogue.products.length > 0) return onCatalogue(catalogue)
    message.textContent = 'There is no picture in it that this browser can show. Try another folder.'
  }
  input.addEventListener('change', () => {
    if (input.files) take(photosOf(input.files))
  })
  zone.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone.dataset.over = ''
  })
  zone.addEventListener('dragleave', () => delete zone.dataset.over)
  zone.addEventListener('drop', async (event) => {
    event.preventDefault()
    delete zone.dataset.over
    if (!event.dataTransfer) return
    try {
      take(await droppedPhotos(event.dataTransfer))
    } catch (error) {
      message.textContent = `The folder could not be read: ${error instanceof Error ? error.message : error}`
    }
  })

  return [
    create(
      'section',
      { class: 'hero' },
      create('h1', {}, 'Try it with your own photos'),
      create('p', { class: 'lead' }, canAskDatabase ? BESIDE_DATABASE : WITHOUT_SERVER),
    ),
    zone,
    create(
      'p',
      { class: 'drop-note' },
      `Up to ${MOST_PHOTOS} pictures, subfolders included. The pictures are not kept; the vectors computed from them stay in this browser until you press “Forget everything”.`,
    ),
  ]
}

/** Stands above the photos of a folder; `onClose` is called when another one is wanted. */
export function folderIntro({ products }: FolderCatalogue, onClose: () => void): HTMLElement {
  const another = create('button', { type: 'button', class: 'button' }, 'Choose another folder')
  another.addEventListener('click', onClose)
  return create(
    'section',
    { class: 'hero' },
    create('h1', {}, 'Your photos'),
    create(
      'p',
      { class: 'lead' },
      `Open one to find what looks like it. All ${products.length} stay on this device.`,
    ),
    another,
  )
}
