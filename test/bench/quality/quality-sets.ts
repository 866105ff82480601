import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'

/** One labelled picture of an evaluation set. */
export interface LabelledPicture {
  readonly id: string
  /** Path of the file. */
  readonly image: string
  readonly split: string
  readonly label: string
  readonly title: string
}

export type SetName = 'clothing' | 'grocery' | 'fashion' | 'caltech' | 'furniture'

const folder = fileURLToPath(new URL('../../../../shared/eval/', import.meta.url))

/** Whether the evaluation sets are on this machine. They are no part of the repository. */
export const setsArePresent = existsSync(folder)

/** A part of a set: the split that is named, or only every n-th picture of it. */
export interface Part {
  readonly set: SetName
  readonly split: string
  /** Default 1. */
  readonly every?: number
}

/** The pictures of a part, in the order of the set's `labels.csv`. */
export function readPart({ set, split, every = 1 }: Part): LabelledPicture[] {
  const rows = parse<LabelledPicture>(readFileSync(`${folder}${set}/labels.csv`), { columns: true })
  return rows
    .filter((row) => row.split === split)
    .filter((_, index) => index % every === 0)
    .map((row) => ({ ...row, image: `${folder}${set}/${row.image}` }))
}

export function readSplit(set: SetName, split: string): LabelledPicture[] {
  return readPart({ set, split })
}
