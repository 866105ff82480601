import { beforeEach, describe, expect, test, vi } from 'vitest'
import { type RemoteParts, RemoteSearch } from '../../../src/engine/remote-search.js'
import type { SimilarityEngine } from '../../../src/engine/similarity-engine.js'
import { type ErrorCode, SimilarItemsError } from '../../../src/errors.js'
import type { RankedList } from '../../../src/types.js'

const local = { close: vi.fn(async () => undefined) } as unknown as SimilarityEngine
const localList = { queryId: 'local' } as RankedList

function remoteWith(parts: Partial<RemoteParts> = {}) {
  const openLocal = vi.fn(async () => local)
  const warn = vi.fn()
  // Nothing answers there.
  const cells = 'http://127.0.0.1:9/cells.json'
  return { remote: new RemoteSearch({ engine: null, cells, openLocal, warn, ...parts }), openLocal, warn }
}

const failing = (code: ErrorCode) => async (): Promise<never> => {
  throw new SimilarItemsError(code, 'not there', { subject: 'https://shop.example/photo.jpg', mayPass: true })
}
const answerLocally = async () => localList
const vector = { space: null as never, vector: new Float32Array(4) }

beforeEach(() => vi.clearAllMocks())

describe('the page answers itself', () => {
  test('where the source of lists fails', async () => {
    const { remote, openLocal, warn } = remoteWith()
    expect(await remote.search({ vector }, {}, answerLocally)).toBe(localList)
    expect(openLocal).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ code: 'pack-unreachable' })
  })

  test('where the source is asked for its projection on the way, and fails', async () => {
    const { remote, warn } = remoteWith()
    const embed = async () => {
      await remote.projection(undefined)
      return localList
    }
    expect(await remote.orLocally('vector', embed, answerLocally)).toBe(localList)
    expect(warn).toHaveBeenCalledTimes(1)
  })

  test.each(['download-stalled', 'pack-unreachable', 'image-unreachable', 'model-unreachable'] as const)(
    'but not where a picture or the model is the trouble: %s',
    async (code) => {
      const { remote, openLocal, warn } = remoteWith()
      await expect(remote.orLocally('vector', failing(code), answerLocally)).rejects.toMatchObject({ code })
      expect(openLocal).not.toHaveBeenCalled()
      expect(warn).not.toHaveBeenCalled()
    },
  )

  test('nor with nothing to answer from', async () => {
    const { remote } = remoteWith({ openLocal: null })
    const asking = remote.search({ vector }, {}, answerLocally)
    await expect(asking).rejects.toMatchObject({ code: 'pack-unreachable' })
  })
})

describe('once it is closed', () => {
  test('what waits for a slow server opens no engine that nobody would close', async () => {
    const { remote, openLocal, warn } = remoteWith()
    let fail = () => {}
    const slow = new Promise<never>((_, reject) => {
      fail = () => reject(new SimilarItemsError('engine-timeout', 'slow'))
    })
    const asking = remote.orLocally('vector', () => slow, answerLocally)
    await remote.close()
    fail()
    await expect(asking).rejects.toMatchObject({ code: 'engine-closed' })
    expect(openLocal).not.toHaveBeenCalled()
    expect(warn).not.toHaveBeenCalled()
  })

  test('it asks nothing', async () => {
    const { remote, openLocal } = remoteWith()
    await remote.close()
    const asking = remote.search({ vector }, {}, answerLocally)
    await expect(asking).rejects.toMatchObject({ code: 'engine-closed' })
    await expect(remote.projection(undefined)).rejects.toMatchObject({ code: 'engine-closed' })
    expect(openLocal).not.toHaveBeenCalled()
  })

  test('the engine of the page is closed as well', async () => {
    const { remote } = remoteWith()
    await remote.search({ vector }, {}, answerLocally)
    await remote.close()
    expect(local.close).toHaveBeenCalledTimes(1)
  })
})
