import { publish } from '../results-file.js'
import { centeringRows } from './centering-ways.js'
import { neighborRecallRows } from './neighbor-recall.js'
import { type SetName, setsArePresent } from './quality-sets.js'
import { QualityEncoder } from './quality-vectors.js'
import type { Labelled } from './score-statistics.js'

const sets: readonly SetName[] = ['furniture', 'caltech', 'clothing', 'grocery', 'fashion']

if (setsArePresent) await measure()
else console.log('The labelled sets are not on this machine: centering is not measured.')

async function measure(): Promise<void> {
  const encoder = await QualityEncoder.open('int8')
  const pictures = new Map<SetName, Labelled[]>()
  for (const set of sets) pictures.set(set, await encoder.readLabelled(set, 'test'))
  const iconic = await encoder.readLabelled('grocery', 'iconic')
  const rows = [
    ...centeringRows(pictures, iconic),
    ...(await neighborRecallRows(encoder.space, [...pictures.values(), iconic].flat())),
  ]
  await encoder.close()
  publish('centering', rows, {}, 'none: onnxruntime-node, 2 threads')
}
