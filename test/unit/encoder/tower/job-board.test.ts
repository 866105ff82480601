import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { transformWithOxc } from 'vite'
import { expect, test, vi } from 'vitest'
import { clearBoard, JobBoard, StoppedHelperError } from '../../../../src/encoder/tower/job-board.js'

const memory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
const address = 128
const someJobs = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })

test('one thread does every job once, in order, run after run', () => {
  fc.assert(
    fc.property(someJobs, (jobs) => {
      const board = new JobBoard(memory(), address, jobs)
      const all = jobs.flatMap((count, step) => Array.from({ length: count }, (_, job) => [step, job]))
      for (let run = 0; run < 3; run++) {
        const done: number[][] = []
        board.run((step, job) => void done.push([step, job]))
        expect(done).toEqual(all)
      }
      expect(board.helpers).toBe(0)
    }),
  )
})

test('several threads do every job once, and none before all of the earlier steps are done', async () => {
  const jobs = [13, 24, 13, 1, 24, 13]
  const total = jobs.reduce((sum, count) => sum + count, 0)
  const runs = 200
  const shared = memory()
  const board = new JobBoard(shared, address, jobs)
  /** Behind the board: how often each job was done, and how often one began too early. */
  const counts = new Int32Array(shared.buffer, 1024, total + 1)
  const work = new Function('counts', 'jobs', 'step', 'job', count) as Count
  const script = await threadScript()
  const task = { workerData: { memory: shared, address, jobs, total } }
  const helpers = [0, 1, 2].map(() => new Worker(script, task))
  try {
    while (board.helpers < helpers.length) await new Promise((resolve) => setTimeout(resolve, 10))
    for (let run = 0; run < runs; run++) board.run((step, job) => work(counts, jobs, step, job))
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()))
  }
  expect([...counts]).toEqual([...Array(total).fill(runs), 0])
})

test('who computes alone gives no job to helpers that have not ended yet', async () => {
  const jobs = [3, 5]
  const shared = memory()
  const board = new JobBoard(shared, address, jobs)
  const task = { workerData: { memory: shared, address, jobs, total: 8 } }
  const helper = new Worker(await threadScript(), task)
  try {
    while (board.helpers < 1) await new Promise((resolve) => setTimeout(resolve, 10))
    const alone = board.alone()
    expect(alone.helpers).toBe(0)
    let done = 0
    for (let run = 0; run < 200; run++) alone.run(() => void done++)
    expect(done).toBe(200 * 8)
  } finally {
    await helper.terminate()
  }
  expect([...new Int32Array(shared.buffer, 1024, 9)]).toEqual(Array(9).fill(0))
})

test('nobody goes on with a run that was given up', () => {
  const shared = memory()
  const board = new JobBoard(shared, address, [2, 3])
  expect(() =>
    board.run(() => {
      throw new RangeError('memory access out of bounds')
    }),
  ).toThrow(RangeError)
  const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    throw new Error('waits for the next run')
  })
  const work = vi.fn()
  expect(() => new JobBoard(shared, address, [2, 3]).help(work)).toThrow('waits for the next run')
  wait.mockRestore()
  expect(work).not.toHaveBeenCalled()
})

test('a helper that fails in a job is noticed, whatever the others do', () => {
  const shared = memory()
  const board = new JobBoard(shared, address, [2, 3])
  const helper = new JobBoard(shared, address, [2, 3])
  helper.join()
  const done: string[] = []
  const run = () =>
    board.run((step, job) => {
      if (step === 0 && job === 0) {
        expect(() =>
          helper.help(() => {
            throw new RangeError('memory access out of bounds')
          }),
        ).toThrow(RangeError)
      }
      done.push(`${step}.${job}`)
    })
  expect(run).toThrow(StoppedHelperError)
  expect(done).toEqual(['0.0'])
  expect(board.helpers).toBe(1)

  // One who takes over on a copy of the memory knows of no helper, and of no failure.
  clearBoard(shared, address)
  expect(board.helpers).toBe(0)
  board.run((step, job) => done.push(`${step}.${job}`))
  expect(done).toHaveLength(6)
})

type Count = (counts: Int32Array, jobs: readonly number[], step: number, job: number) => void

/** The body of a job: it takes a while, and looks whether the last job of the step before was done as often as it should be. */
const count = `
  const before = jobs.slice(0, step).reduce((sum, count) => sum + count, 0)
  const run = Atomics.load(counts, before + job)
  for (let other = 0; other < before; other++) {
    if (Atomics.load(counts, other) !== run + 1) Atomics.add(counts, counts.length - 1, 1)
  }
  Atomics.add(counts, before + job, 1)`

/** A module for threads of Node, which read no TypeScript. */
async function threadScript(): Promise<URL> {
  const file = fileURLToPath(new URL('../../../../src/encoder/tower/job-board.ts', import.meta.url))
  const { code } = await transformWithOxc(readFileSync(file, 'utf8'), file)
  const help = `
    import { workerData } from 'node:worker_threads'
    const { memory, address, jobs, total } = workerData
    const counts = new Int32Array(memory.buffer, 1024, total + 1)
    const work = (step, job) => {${count}}
    const board = new JobBoard(memory, address, jobs)
    board.join()
    board.help(work)`
  return new URL(`data:text/javascript,${encodeURIComponent(code + help)}`)
}
