import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gpuAnswer, whenLost } from '../../../src/encoder/runtime/gpu-answer.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('what the GPU computes is passed on', async () => {
  await expect(gpuAnswer(Promise.resolve(7))).resolves.toBe(7)
  await expect(gpuAnswer(Promise.reject(new Error('out of memory')))).rejects.toThrow('out of memory')
  expect(vi.getTimerCount()).toBe(0)
})

test('a run that never ends is an error after a minute, for which another backend takes over', async () => {
  const ended = vi.fn()
  gpuAnswer(new Promise(() => undefined)).catch(ended)
  await vi.advanceTimersByTimeAsync(59_000)
  expect(ended).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1000)
  expect(ended).toHaveBeenCalledWith(expect.objectContaining({ code: 'no-backend', mayPass: true }))
  expect(vi.getTimerCount()).toBe(0)
})

test('a device that is lost ends the runs that wait for it, also one that never ends', async () => {
  let lose: (info: GPUDeviceLostInfo) => void = () => undefined
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => {
    lose = resolve
  })
  const rejection = whenLost({ lost } as GPUDevice)
  const run = gpuAnswer(Promise.race([new Promise(() => undefined), rejection]))
  lose({ reason: 'unknown', message: 'The driver was reset.' } as GPUDeviceLostInfo)
  await expect(run).rejects.toMatchObject({
    code: 'no-backend',
    message: expect.stringContaining('driver was reset'),
  })
  // The next run hears of it too.
  await expect(gpuAnswer(Promise.race([new Promise(() => undefined), rejection]))).rejects.toThrow('lost')
})
