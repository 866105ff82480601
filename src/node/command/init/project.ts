import { readFile, stat } from 'node:fs/promises'
import { guessStack, type StackName, stacks } from './stacks.js'

/** Names under which feeds lie in the folders of shops. */
const feedNames = ['feed', 'products', 'catalog'].flatMap((name) =>
  ['xml', 'json', 'jsonl', 'csv', 'tsv'].map((type) => `${name}.${type}`),
)

/** A file of the working directory that may be the feed. */
export async function findFeed(): Promise<string | undefined> {
  for (const name of feedNames) {
    const found = await stat(name).catch(() => null)
    if (found?.isFile()) return name
  }
  return undefined
}

export interface Project {
  readonly stack: StackName
  /** Folder of what it serves as it is. */
  readonly folder: string
  /** Whether it has TypeScript. */
  readonly isTyped: boolean
}

/** What the project in the working directory seems to be. */
export async function readProject(): Promise<Project> {
  const stack = guessStack(await dependencyNames())
  const typescript = await stat('tsconfig.json').catch(() => null)
  return { stack, folder: stacks[stack].folder, isTyped: typescript !== null }
}

/** Null without a `package.json`; one that cannot be read is none of our concern. */
async function dependencyNames(): Promise<readonly string[] | null> {
  try {
    const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'))
    return Object.keys({ ...dependencies, ...devDependencies })
  } catch {
    return null
  }
}
