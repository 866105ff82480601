import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  packagedFileNames,
  packagedFileUrl,
  packagedModelName,
} from '../../../src/encoder/model/packaged-model.js'

const folder = fileURLToPath(new URL(`../../../public/models/${packagedModelName}`, import.meta.url))

/** What a page may load; the card is for people. */
const shipped = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'README.md')
  .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
  .sort()

test('every file of the packaged model has an address, and every address is that of a file', () => {
  expect([...packagedFileNames].sort()).toEqual(shipped)
})

test('each address is that of its own file', () => {
  for (const name of packagedFileNames) {
    expect(packagedFileUrl(name)).toMatch(/^file:/)
    expect(packagedFileUrl(name).endsWith(`/models/${packagedModelName}/${name}`), name).toBe(true)
  }
  expect(() => packagedFileUrl('onnx/other.onnx')).toThrow(RangeError)
})

test('its self-check states every file of weights', () => {
  const { files } = JSON.parse(readFileSync(join(folder, 'self-check.json'), 'utf8'))
  const stated = Object.keys(files).map((name) => `onnx/${name}`)
  expect(stated.sort()).toEqual(shipped.filter((name) => name.startsWith('onnx/')))
})
