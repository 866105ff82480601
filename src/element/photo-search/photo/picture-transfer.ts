import { trustedInertHtml } from '../../../trusted-types.js'
import type { PhotoInput } from './photo.js'

/** The picture in what was dropped or pasted: a file, or the address of a picture of some page; else null. */
export function pictureIn(transfer: DataTransfer | null): PhotoInput | null {
  if (!transfer) return null
  const files = [...transfer.files]
  const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0]
  return file ?? imageIn(transfer.getData('text/html')) ?? addressIn(transfer.getData('text/uri-list'))
}

/** Whether something dragged could be a picture; its content is not known before it is dropped. */
export function mayHoldPicture(transfer: DataTransfer | null): boolean {
  return transfer?.types.some((type) => type === 'Files' || type === 'text/uri-list') ?? false
}

/** Of a picture in a link, the list of addresses has only the link's. The parsed document is inert. */
function imageIn(html: string): string | null {
  const parsed = new DOMParser().parseFromString(trustedInertHtml(html), 'text/html')
  const source = parsed.querySelector('img')?.getAttribute('src')
  return source ? addressIn(new URL(source, document.baseURI).href) : null
}

function addressIn(list: string): string | null {
  const address = list.split(/\r?\n/).find((line) => line && !line.startsWith('#'))
  return address && /^(https?|blob|data):/.test(address) ? address : null
}
