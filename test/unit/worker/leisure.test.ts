import { describe, expect, test } from 'vitest'
import { Leisure } from '../../../src/worker/session/leisure.js'

const never = new AbortController().signal

/** A promise and what resolves it. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

/** What happened until nothing can happen any more without something from outside. */
async function settled(log: readonly string[]): Promise<readonly string[]> {
  await new Promise((resolve) => setTimeout(resolve))
  return [...log]
}

describe('Leisure', () => {
  test('is there when the page is idle', async () => {
    const page = gate()
    const log: string[] = []
    const leisure = new Leisure(() => page.opened)
    const waiting = leisure.wait(never).then(() => log.push('background'))
    expect(await settled(log)).toEqual([])
    page.open()
    await waiting
    expect(log).toEqual(['background'])
  })

  test('is not there while somebody waits, however many do', async () => {
    const [first, second] = [gate(), gate()]
    const log: string[] = []
    const leisure = new Leisure(async () => undefined)
    const one = leisure.interrupt(() => first.opened)
    const two = leisure.interrupt(() => second.opened)
    const waiting = leisure.wait(never).then(() => log.push('background'))
    first.open()
    await one
    expect(await settled(log)).toEqual([])
    second.open()
    await two
    await waiting
    expect(log).toEqual(['background'])
  })

  test('ends when somebody asks before the page is idle', async () => {
    const [page, answer] = [gate(), gate()]
    const log: string[] = []
    const leisure = new Leisure(() => page.opened)
    const waiting = leisure.wait(never).then(() => log.push('background'))
    await settled(log)
    const asked = leisure.interrupt(() => answer.opened)
    page.open()
    expect(await settled(log)).toEqual([])
    answer.open()
    await asked
    await waiting
    expect(log).toEqual(['background'])
  })

  test('comes back after a task that fails, whose error is the caller’s', async () => {
    const leisure = new Leisure(async () => undefined)
    const failing = leisure.interrupt(() => Promise.reject(new Error('no such product')))
    await expect(failing).rejects.toThrow('no such product')
    await expect(leisure.wait(never)).resolves.toBeUndefined()
  })

  test('waiting for it ends with the signal', async () => {
    const controller = new AbortController()
    const leisure = new Leisure(() => gate().opened)
    const waiting = leisure.wait(controller.signal)
    controller.abort(new Error('closed'))
    await expect(waiting).rejects.toThrow('closed')
    void leisure.interrupt(() => gate().opened)
    await expect(leisure.wait(AbortSignal.abort(new Error('closed')))).rejects.toThrow('closed')
  })
})
