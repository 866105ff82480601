import { runThread } from '../../../src/encoder/threads/run-thread.js'
import { type StartThread, threadNames } from '../../../src/encoder/threads/thread-script.js'
import { help, prepareTowers } from '../../../src/encoder/tower/open-tower.js'
import { placeWeightsIn } from '../../../src/encoder/tower/place-weights.js'
import type { TowerExports } from '../../../src/encoder/tower/tower-exports.js'
import { compileTower, openTowerKernel, towerMemory } from '../../../src/encoder/tower/tower-kernel.js'
import { planTower } from '../../../src/encoder/tower/tower-layout.js'
import { TowerThreads } from '../../../src/encoder/tower/tower-threads.js'
import { readTowerWeights } from '../../../src/encoder/tower/tower-weights.js'
import { VisionTower } from '../../../src/encoder/tower/vision-tower.js'
import { parseSafetensors } from '../../../src/vectors/safetensors.js'
import { answerInTurn } from '../answer-in-turn.js'

/** What the first message brings. */
interface Setup {
  readonly weights: Uint8Array<ArrayBuffer>
  /** The kernel's innermost instructions alone, compiled by `instruction-limit.ts`. */
  readonly limit: Uint8Array<ArrayBuffer>
}

/** What one answer says; all times are in milliseconds. */
export interface KernelSteps {
  readonly arithmetic: string
  /** Of compiling the kernel, and of putting weights into its memory, once. */
  readonly compile: number
  readonly place: number
  /** Of one picture; and of each of the kernel's functions in another, which asking the time slows down. */
  readonly whole: number
  readonly steps: Readonly<Record<string, number>>
  /** Of one picture by so many threads as are there. */
  readonly together: number
  readonly threads: number
  /** Multiply-adds a second of the innermost instructions alone. */
  readonly limit: number
}

/** Times the kernel's functions inside a whole picture, and its innermost instructions alone. */
if (self.name === threadNames.kernel) runThread(help)
else answerInTurn(setUp)

const startThread: StartThread = ({ url, name }, port) => {
  const thread = new Worker(url, { name, type: 'module' })
  thread.onmessage = () => thread.postMessage(null, [port])
  return () => thread.terminate()
}

async function setUp({ weights, limit }: Setup) {
  const compiling = performance.now()
  const modules = await compileTower()
  const compile = performance.now() - compiling
  const file = readTowerWeights(parseSafetensors(weights, 'The weights'))
  const plan = planTower(file, 1)
  const kernel = await openTowerKernel(modules, towerMemory(plan.bytes, false))
  const placing = performance.now()
  placeWeightsIn(kernel, file, plan)
  const place = performance.now() - placing
  const steps: Record<string, number> = {}
  const timed =
    <Arguments extends unknown[], Result>(name: string, step: (...given: Arguments) => Result) =>
    (...given: Arguments) => {
      const started = performance.now()
      const result = step(...given)
      steps[name] = (steps[name] ?? 0) + performance.now() - started
      return result
    }
  const exports = Object.fromEntries(
    Object.entries(kernel.exports).map(([name, value]) => [
      name,
      typeof value === 'function' ? timed(name, value as (...given: unknown[]) => unknown) : value,
    ]),
  ) as unknown as TowerExports
  const tower = await VisionTower.open(modules, file)
  const timedTower = new VisionTower(
    { ...kernel, exports, multiply: timed('multiply', kernel.multiply) },
    plan,
  )
  const { tower: threadedTower, tasks } = await (await prepareTowers(2))(
    parseSafetensors(weights, 'The weights'),
  )
  await new Promise<void>((joined, failed) => {
    new TowerThreads(tasks, startThread, { joined, failed: (why) => failed(new Error(why)) })
  })
  const { instance } = await WebAssembly.instantiate(limit)
  const instructions = instance.exports as Record<string, (steps: number) => number>
  const { imageSize } = tower.shape
  const pixels = Float32Array.from({ length: 3 * imageSize ** 2 }, (_, index) => Math.sin(index))
  return async (): Promise<KernelSteps> => {
    for (const name of Object.keys(steps)) delete steps[name]
    const started = performance.now()
    tower.run(pixels)
    const whole = performance.now() - started
    timedTower.run(pixels)
    const startedTogether = performance.now()
    threadedTower.run(pixels)
    const together = performance.now() - startedTogether
    const rounds = 1_000_000
    const limitStarted = performance.now()
    const multiplied = instructions[kernel.arithmetic.replace('relaxed-', '')]?.(rounds) ?? Number.NaN
    const limit = multiplied / (performance.now() - limitStarted) / 1e-3
    const { threads } = threadedTower
    return {
      arithmetic: kernel.arithmetic,
      compile,
      place,
      whole,
      steps: { ...steps },
      together,
      threads,
      limit,
    }
  }
}
