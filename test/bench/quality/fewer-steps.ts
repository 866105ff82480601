import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModelFolder } from '../../../src/encoder/model/model-folder.js'
import { toPixelValues } from '../../../src/encoder/resample/pixel-values.js'
import { Resampler } from '../../../src/encoder/resample/resample.js'
import { compileTower } from '../../../src/encoder/tower/tower-kernel.js'
import { readTowerWeights } from '../../../src/encoder/tower/tower-weights.js'
import { VisionTower } from '../../../src/encoder/tower/vision-tower.js'
import { decodePicture } from '../../../src/node/encoder/decode-picture.js'
import { fileFetch, toUrl } from '../../../src/node/files/file-fetch.js'
import { normalize } from '../../../src/vectors/normalize.js'
import { parseSafetensors } from '../../../src/vectors/safetensors.js'
import { publish, type Row } from '../results-file.js'
import { median, milliseconds } from '../statistics.js'
import { MergedTower } from './merged-tower.js'
import { readPart, type SetName, setsArePresent } from './quality-sets.js'
import { shippedModel } from './quality-vectors.js'
import { ndcg5Each } from './score-statistics.js'
import { forSmallerInput } from './smaller-input.js'

const sets: readonly SetName[] = ['furniture', 'caltech', 'clothing', 'grocery', 'fashion']
/** Of the pictures of a set, which are a gallery to each other. */
const every = 12
const whole = 'whole'
/** How many of 196 tokens become part of others, and behind how many of 12 layers. */
const merges = [
  { layers: 6, merged: 32 },
  { layers: 6, merged: 96 },
  { layers: 9, merged: 96 },
]
const smallSize = 192
const kept = fileURLToPath(new URL('../../../.cache/quality/fewer-steps.jsonl', import.meta.url))

/** What one system made of one picture. */
interface Made {
  readonly vector: readonly number[]
  readonly milliseconds: number
}

type Encode = (pixelsOf: (size: number) => Promise<Float32Array>) => Promise<Made>

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: fewer steps are not measured.')

async function measure(): Promise<void> {
  const systems = await openSystems()
  const folder = await loadModelFolder(toUrl(shippedModel), { fetch: fileFetch })
  const resampler = await Resampler.open()
  const known = readKnown()
  const pictures = sets.map((set) => readPart({ set, split: 'test', every }))
  // By turns, so that what is there after an interruption is of all sets.
  const longest = Math.max(...pictures.map((part) => part.length))
  for (let index = 0; index < longest; index++) {
    for (const part of pictures) {
      const picture = part[index]
      if (!picture || known.has(picture.image)) continue
      const source = await decodePicture(await readFile(picture.image), picture.id)
      const pixelsOf = async (size: number) => {
        const { filter } = folder.preprocessing
        const rgb = await resampler.resize(source, { width: size, height: size, filter })
        return toPixelValues(rgb, { ...folder.preprocessing, width: size, height: size })
      }
      const made: Record<string, Made> = {}
      for (const [name, encode] of systems) made[name] = await encode(pixelsOf)
      keep(known, picture.image, made)
    }
  }
  const names = [...systems.keys()]
  const timeOf = (name: string) =>
    median([...known.values()].map((made) => (made[name] as Made).milliseconds))
  const rows = names.flatMap((name) => {
    const time: Row = { what: `${name}: one picture`, value: milliseconds(timeOf(name)) }
    if (name === whole) return [time]
    const ratio = timeOf(name) / timeOf(whole)
    return [{ ...time, value: `${time.value}, ${ratio.toFixed(2)}x` }, ...sets.map((set) => rowOf(set, name))]
  })
  publish('fewer-steps', rows, { every, pictures: known.size }, 'none: Node')

  function rowOf(set: SetName, name: string): Row {
    const [before, after] = [whole, name].map((system) => {
      const labelled = readPart({ set, split: 'test', every }).map(({ id, image, label }) => ({
        id,
        label: set === 'fashion' ? (label.split('|')[0] ?? label) : label,
        vector: Float32Array.from(known.get(image)?.[system]?.vector ?? []),
      }))
      const scores = ndcg5Each(labelled, labelled)
      return scores.reduce((sum, score) => sum + score, 0) / scores.length
    }) as [number, number]
    const change = after / before - 1
    return {
      what: `${name}: nDCG@5, ${set}`,
      value: `${before.toFixed(4)} -> ${after.toFixed(4)} (${(change * 100).toFixed(2)} %)`,
      target: '>= -0.5 %',
      met: change >= -0.005,
    }
  }
}

async function openSystems(): Promise<Map<string, Encode>> {
  const file = readFileSync(`${shippedModel}onnx/vision_model_int7.safetensors`)
  const weights = readTowerWeights(parseSafetensors(Uint8Array.from(file), 'The weights'))
  const modules = await compileTower()
  const usual = weights.shape.imageSize
  type Run = (pixels: Float32Array) => { readonly output: Float32Array; readonly merging: number }
  const encode =
    (size: number, run: Run): Encode =>
    async (pixelsOf) => {
      const pixels = await pixelsOf(size)
      const started = performance.now()
      const { output, merging } = run(pixels)
      return { milliseconds: performance.now() - started - merging, vector: [...normalize(output)] }
    }
  const usually =
    (tower: VisionTower): Run =>
    (pixels) => ({ output: tower.run(pixels).poolerOutput, merging: 0 })
  const tower = await VisionTower.open(modules, weights)
  const small = await VisionTower.open(modules, forSmallerInput(weights, smallSize))
  const systems = new Map<string, Encode>()
  systems.set(whole, encode(usual, usually(tower)))
  systems.set(`${smallSize} pixels`, encode(smallSize, usually(small)))
  for (const { layers, merged } of merges) {
    const merging = await MergedTower.open(weights, layers, merged)
    systems.set(
      `${merged} tokens merged after layer ${layers}`,
      encode(usual, (pixels) => merging.run(pixels)),
    )
  }
  return systems
}

type Known = Map<string, Record<string, Made>>

function readKnown(): Known {
  const lines = existsSync(kept) ? readFileSync(kept, 'utf8').split('\n').slice(0, -1) : []
  return new Map(lines.map((line) => JSON.parse(line) as [string, Record<string, Made>]))
}

/** A line for a picture; they are free the next time. Delete the file where the weights or the systems change. */
function keep(known: Known, image: string, made: Record<string, Made>): void {
  mkdirSync(dirname(kept), { recursive: true })
  appendFileSync(kept, `${JSON.stringify([image, made])}\n`)
  known.set(image, made)
}
