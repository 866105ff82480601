import { SimilarItemsError } from '../../errors.js'
import { settleWithin } from '../../settle-within.js'

/** In seconds; browsers end work on the GPU that takes longer than some ten. */
const gpuLimit = 60

/** What the GPU computes; an error where it never ends. */
export function gpuAnswer<T>(answer: Promise<T>): Promise<T> {
  return settleWithin(answer, gpuLimit, () => {
    const message = `The GPU did not answer within ${gpuLimit} seconds.`
    return new SimilarItemsError('no-backend', message, { mayPass: true })
  })
}

/** Rejects when the device is lost. */
export function whenLost(device: GPUDevice): Promise<never> {
  const lost = device.lost.then(({ message }) => {
    throw new SimilarItemsError('no-backend', `The GPU was lost. ${message}`)
  })
  // Runs race against it; a device lost between them is noticed by the next.
  lost.catch(() => undefined)
  return lost
}
