import { ByteReader } from './header/byte-reader.js'

/** What a file seems to be, judged by its first bytes. */
export interface FileKind {
  /** For a sentence: `an HTML page`. */
  readonly description: string
  /** False for what no browser decodes to pixels. */
  readonly image: boolean
  /** True for what servers in trouble send in place of a file. */
  readonly excuse?: boolean
}

/** Bytes at a fixed place; the first that fits decides. */
const SIGNATURES: readonly (FileKind & { readonly offset?: number; readonly starts: readonly string[] })[] = [
  { starts: ['\xff\xd8'], description: 'a JPEG picture', image: true },
  { starts: ['\x89PNG'], description: 'a PNG picture', image: true },
  { starts: ['WEBP'], offset: 8, description: 'a WebP picture', image: true },
  { starts: ['GIF8'], description: 'a GIF picture', image: true },
  { starts: ['BM'], description: 'a BMP picture', image: true },
  { starts: ['ftypavif', 'ftypavis'], offset: 4, description: 'an AVIF picture', image: true },
  {
    starts: ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1', 'ftypmiaf'],
    offset: 4,
    description: 'an HEIC photo',
    image: true,
  },
  { starts: ['II*\0', 'MM\0*'], description: 'a TIFF picture or a camera raw file', image: true },
  { starts: ['\xff\x0a', '\0\0\0\x0cJXL '], description: 'a JPEG XL picture', image: true },
  { starts: ['\0\0\x01\0'], description: 'an icon file', image: true },
  { starts: ['%PDF-'], description: 'a PDF document', image: false },
  { starts: ['PK\x03\x04'], description: 'a ZIP archive', image: false },
  { starts: ['ftyp'], offset: 4, description: 'a video', image: false },
  { starts: ['\x1aE\xdf\xa3'], description: 'a video', image: false },
]

/** Text after the byte order mark, white space, XML declarations and comments. */
const TEXTS: readonly (FileKind & { readonly pattern: RegExp })[] = [
  { pattern: /^<(!doctype )?svg\b/i, description: 'an SVG drawing', image: false },
  {
    pattern: /^<(!doctype )?(html|head|body|script|title|h1|p|div)\b/i,
    description: 'an HTML page',
    image: false,
    excuse: true,
  },
  { pattern: /^<[a-z]/i, description: 'an XML document', image: false },
  { pattern: /^[[{]/, description: 'JSON text', image: false, excuse: true },
]

const PLAIN_TEXT: FileKind = { description: 'plain text', image: false, excuse: true }

/** Judges a file by its first bytes; some hundreds are enough. Never throws. */
export function recognizeFile(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return { description: 'an empty file', image: false, excuse: true }
  const reader = new ByteReader(bytes)
  const signature = SIGNATURES.find(({ offset = 0, starts }) =>
    starts.some((start) => reader.text(offset, start.length) === start),
  )
  if (signature) return signature
  const start = reader.text(0, 1024)
  const text = withoutPreamble(start)
  const known = TEXTS.find(({ pattern }) => pattern.test(text))
  if (known) return known
  if (/^[\t\n\r -~\x80-\xff]+$/.test(start)) return PLAIN_TEXT
  return { description: 'a file of an unknown kind', image: true }
}

function withoutPreamble(text: string): string {
  let rest = text.replace(/^\xef\xbb\xbf/, '').trimStart()
  for (const [opening, closing] of [
    ['<?', '?>'],
    ['<!--', '-->'],
  ] as const) {
    while (rest.startsWith(opening)) {
      const end = rest.indexOf(closing)
      if (end < 0) break
      rest = rest.slice(end + closing.length).trimStart()
    }
  }
  return rest
}
