import type { TurnedFormat } from './stored-orientation.js'

const answers = new Map<TurnedFormat, Promise<boolean>>()

/**
 * Whether this browser turns pictures of a format upright as their file says. Browsers differ and nothing tells, so a
 * file of 2 x 1 pixels that lies on its side is decoded, once.
 */
export function isTurnedByBrowser(format: TurnedFormat): Promise<boolean> {
  const known = answers.get(format)
  if (known) return known
  const answer = decodesUpright(format)
  answers.set(format, answer)
  return answer
}

async function decodesUpright(format: TurnedFormat): Promise<boolean> {
  const file = Uint8Array.from(atob(SIDEWAYS[format]), (character) => character.charCodeAt(0))
  try {
    const bitmap = await createImageBitmap(new Blob([file], { type: `image/${format}` }), {
      imageOrientation: 'from-image',
    })
    const isUpright = bitmap.height === 2
    bitmap.close()
    return isUpright
  } catch {
    // A format that it does not decode at all: whoever decodes a picture in it says so.
    return true
  }
}

/** A WebP and a PNG file with EXIF orientation 6, and an AVIF file with `irot` 3. */
const SIDEWAYS: Readonly<Record<TurnedFormat, string>> = {
  webp: 'UklGRlIAAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TBEAAAAvAQAAAAdQxCIWsf+BiOh/AABFWElGGgAAAE1NACoAAAAIAAEBEgADAAAAAQAGAAAAAAAA',
  png: 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAGmVYSWZNTQAqAAAACAABARIAAwAAAAEABgAAAAAAANZnS2kAAAALSURBVHicY2hoAAABgwEBGDUiFQAAAABJRU5ErkJggg==',
  avif: 'AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAAOBtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABBAABAAAAAAAAABoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAABAAAAYGlwcnAAAABBaXBjbwAAAAxhdjFDgSACAAAAABRpc3BlAAAAAAAAAAIAAAABAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABdpcG1hAAAAAAAAAAEAAQSBAgOEAAAAIm1kYXQSAAoHOAAmkBDQaTINH/JihOAAFgAAkDWNkA==',
}
