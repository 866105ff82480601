import { centeringRows } from './centering-ways.js'
import { neighborRecallRows } from './neighbor-recall.js'
import { readSplit, type SetName, setsArePresent } from './quality-sets.js'
import { QualityEncoder } from './quality-vectors.js'
import { publish } from './results-file.js'
import type { Labelled } from './score-statistics.js'

const sets: readonly SetName[] = ['furniture', 'caltech', 'clothing', 'grocery', 'fashion']

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: centering is not measured.')

async function measure(): Promise<void> {
  const encoder = await QualityEncoder.open('int8')
  const read = async (set: SetName, split: string): Promise<Labelled[]> => {
    const vectors = await encoder.encodeSplit(set, split)
    return readSplit(set, split).map(({ id, label }, row) => ({
      id,
      label: set === 'fashion' ? (label.split('|')[0] ?? label) : label,
      vector: vectors[row] as Float32Array,
    }))
  }
  const pictures = new Map<SetName, Labelled[]>()
  for (const set of sets) pictures.set(set, await read(set, 'test'))
  const iconic = await read('grocery', 'iconic')
  const rows = [
    ...centeringRows(pictures, iconic),
    ...(await neighborRecallRows(encoder.space, [...pictures.values(), iconic].flat())),
  ]
  await encoder.close()
  publish('centering', rows, {}, 'none: onnxruntime-node, 2 threads')
}
