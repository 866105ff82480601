import { readFileSync } from 'node:fs'
import sharp, { type Sharp } from 'sharp'
import { nearDuplicateBound } from '../../../src/ranking/near-duplicate-bound.js'
import { makeSpace } from '../../../src/vectors/space.js'
import type { Row } from '../results-file.js'
import { readSplit, type SetName } from './quality-sets.js'
import { meanOf } from './quality-systems.js'
import type { QualityEncoder } from './quality-vectors.js'
import { centeredBy, dotProduct, type Labelled } from './score-statistics.js'

const plain = makeSpace({ model: 'm', preprocessing: 'p', projection: null, dimensions: 192 })
const bounds = {
  plain: nearDuplicateBound(plain),
  centered: nearDuplicateBound({ ...plain, centered: true }),
}

/** Pictures that are the same to the eye. */
const copies: Readonly<Record<string, (picture: Sharp, side: number) => Sharp>> = {
  'JPEG of quality 75': (picture) => picture.jpeg({ quality: 75 }),
  'JPEG of quality 40': (picture) => picture.jpeg({ quality: 40 }),
  'half as large': (picture, side) => picture.resize(side >> 1, side >> 1, { fit: 'fill' }).png(),
  'trimmed by 2 %': (picture, side) => trim(picture, side, 0.02),
  'trimmed by 5 %': (picture, side) => trim(picture, side, 0.05),
  mirrored: (picture) => picture.flop().png(),
}
const copiedSets: readonly SetName[] = ['furniture', 'fashion', 'clothing']

/** How many copies the bounds find, and how many pairs of different pictures they take for one. */
export async function measureNearDuplicates(
  encoder: QualityEncoder,
  sets: ReadonlyMap<SetName, readonly Labelled[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const [what, copy] of Object.entries(copies)) {
    const found = { plain: 0, centered: 0, all: 0 }
    for (const set of copiedSets) {
      const center = centeredBy(meanOf((sets.get(set) ?? []).map(({ vector }) => vector)))
      const pictures = readSplit(set, 'test')
      const step = Math.ceil(pictures.length / 25)
      for (const { id, image } of pictures.filter((_, index) => index % step === 0)) {
        const file = readFileSync(image)
        const { width = 0, height = 0 } = await sharp(file).metadata()
        const changed = copy(sharp(file).flatten({ background: '#fff' }), Math.min(width, height))
        const vectors = [await encoder.encode(file, id), await encoder.encode(await changed.toBuffer(), id)]
        const pair = vectors.map((vector) => ({ id, label: '', vector }))
        found.all++
        found.plain += Number(cosine(pair) >= bounds.plain)
        found.centered += Number(cosine(center(pair)) >= bounds.centered)
      }
    }
    const share = (count: number) => `${Math.round((100 * count) / found.all)} %`
    rows.push({
      what: `copies found, ${what}: plain from ${bounds.plain}, centered from ${bounds.centered}`,
      value: `${share(found.plain)}, ${share(found.centered)} of ${found.all}`,
    })
  }
  for (const [set, all] of sets) rows.push(differentPairs(set, all.slice(0, 1200)))
  return rows
}

function differentPairs(set: SetName, pictures: readonly Labelled[]): Row {
  const centered = centeredBy(meanOf(pictures.map(({ vector }) => vector)))(pictures)
  const count = (of: readonly Labelled[], bound: number) => {
    let pairs = 0
    for (const [index, a] of of.entries())
      for (const b of of.slice(index + 1)) if (cosine([a, b]) >= bound) pairs++
    return pairs
  }
  const value = `${count(pictures, bounds.plain)}, ${count(centered, bounds.centered)}`
  const all = (pictures.length * (pictures.length - 1)) / 2
  return { what: `${set}: of ${all} pairs of its pictures, taken for one plain, centered`, value }
}

function cosine([a, b]: readonly Labelled[]): number {
  return dotProduct((a as Labelled).vector, (b as Labelled).vector)
}

function trim(picture: Sharp, side: number, share: number): Sharp {
  const [start, length] = [Math.round(side * share), Math.round(side * (1 - 2 * share))]
  return picture.extract({ left: start, top: start, width: length, height: length }).png()
}
