import fc from 'fast-check'

/** What parsers stumble over: marks of formats, lengths, numbers and text at their limits. */
const tokens = [
  '\u0000',
  '\ufeff',
  '"',
  '""',
  '\n',
  '\r\n',
  '\t',
  ';',
  ',',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<item>',
  '</item>',
  '&#0;',
  '&amp;',
  '{',
  '}',
  '[',
  ']',
  'null',
  '-1',
  '1e999',
  '9007199254740993',
  '__proto__',
  'constructor',
  '\ud83d\ude00',
].map((text) => Buffer.from(text, 'utf8'))
const numbers = [0x00, 0x01, 0x7f, 0x80, 0xff].flatMap((byte) => [
  Buffer.alloc(1, byte),
  Buffer.alloc(4, byte),
])

const piece = fc.oneof(fc.constantFrom(...tokens, ...numbers), fc.uint8Array({ maxLength: 16 }))

/** One change of a file; places are fractions of its length. */
const change = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'remove', 'repeat', 'cut'),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(64),
  piece,
})

/** One of some files, changed in a few places. */
export function changedFile(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 6 }))
    .map(([seed, changes]) => new Uint8Array(changes.reduce(apply, Buffer.from(seed))))
}

function apply(
  file: Buffer,
  { kind, place, length, piece }: { kind: string; place: number; length: number; piece: Uint8Array },
): Buffer {
  const start = Math.floor(place * file.length)
  const [head, tail] = [file.subarray(0, start), file.subarray(start)]
  if (kind === 'cut') return head
  if (kind === 'insert') return Buffer.concat([head, piece, tail])
  if (kind === 'replace') return Buffer.concat([head, piece, tail.subarray(piece.length)])
  if (kind === 'remove') return Buffer.concat([head, tail.subarray(length)])
  return Buffer.concat([head, tail.subarray(0, length), tail])
}
