import { expect, test } from 'vitest'
import { towerRelaxedWasm } from '../../../../src/encoder/tower/generated/tower-relaxed-wasm.js'
import { towerWasm } from '../../../../src/encoder/tower/generated/tower-wasm.js'

const dataSection = 11

// A data segment is written by every thread that starts, and leaves zeroes where others read constants.
test.each([
  ['tower', towerWasm],
  ['tower-relaxed', towerRelaxedWasm],
])('%s writes no data into memory that threads share', (_, bytes) => {
  const sections = sectionsOf(bytes())
  expect(sections).toContain(10)
  expect(sections).not.toContain(dataSection)
})

/** Ids of a module's sections: each is followed by its length, in LEB128. */
function sectionsOf(bytes: Uint8Array): number[] {
  const ids: number[] = []
  for (let at = 8; at < bytes.length; ) {
    ids.push(bytes[at++] as number)
    let length = 0
    let shift = 0
    let byte: number
    do {
      byte = bytes[at++] as number
      length |= (byte & 0x7f) << shift
      shift += 7
    } while (byte >= 0x80)
    at += length
  }
  return ids
}
