import { afterAll, describe, expect, test } from 'vitest'
import { chroma } from '../../../docs/engines/chroma.js'
import { collectionsEngine } from '../../../src/engines/collections/collections-engine.js'
import { brokenPromises } from './conformance.js'
import { openChroma } from './open-chroma.js'

const opened = await openChroma()
if ('missing' in opened) console.log(`Chroma is not tested: ${opened.missing}`)

describe.skipIf('missing' in opened)('Chroma, which is no engine of ours', () => {
  const { url, close } = opened as Extract<typeof opened, { url: string }>
  afterAll(() => close?.())

  test('keeps every promise through the functions of docs/engines', { timeout: 120_000 }, async () => {
    const name = `kit_${process.pid}`
    const collections = chroma(url)
    const open = () => collectionsEngine({ collections, name })
    try {
      expect(await brokenPromises({ rows: 300, dimensions: 16, open })).toEqual([])
    } finally {
      for (const made of await collections.names(name)) await collections.drop(made)
    }
  })
})
