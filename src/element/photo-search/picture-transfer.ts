import type { PhotoInput } from './photo.js'

/** The picture in what was dropped or pasted: a file, or the address of a picture of some page; else null. */
export function pictureIn(transfer: DataTransfer | null): PhotoInput | null {
  if (!transfer) return null
  const files = [...transfer.files]
  const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0]
  if (file) return file
  const [address] = transfer
    .getData('text/uri-list')
    .split(/\r?\n/)
    .filter((line) => line && !line.startsWith('#'))
  return address && /^(https?|blob|data):/.test(address) ? address : null
}

/** Whether something dragged could be a picture; its content is not known before it is dropped. */
export function mayHoldPicture(transfer: DataTransfer | null): boolean {
  return transfer?.types.some((type) => type === 'Files' || type === 'text/uri-list') ?? false
}
