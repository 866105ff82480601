import { expect, test } from 'vitest'
import type { ConformanceOptions } from '../../../src/engines/conformance/index.js'
import { refill } from '../../../src/engines/conformance/life-checks.js'
import { madeRows } from '../../../src/engines/conformance/made-rows.js'
import { noFilter, type VectorEngine } from '../../../src/engines/vector-engine.js'
import type { Embedding } from '../../../src/types.js'
import { brokenPromises } from './conformance.js'

/** An engine whose rows several processes share. */
export interface SharedEngine {
  /** @param home where the rows are: what is opened with another one knows nothing of them. */
  readonly open: (home: string, options?: { readonly spaceLifetime?: number }) => VectorEngine
  readonly kit: Omit<ConformanceOptions, 'open'>
}

/** What every engine is held to: the kit, and that two processes get along. Two engines are two processes here. */
export function testEngine({ open, kit }: SharedEngine): void {
  test('keeps every promise, also for an engine that is opened anew', { timeout: 300_000 }, async () => {
    expect(await brokenPromises({ ...kit, open: () => open('kit') })).toEqual([])
  })

  test('an engine that knows the space of before follows a switch by another process', async () => {
    const { space, otherSpace, rows, queries } = madeRows(4, 4)
    const reader = open('follow', { spaceLifetime: 1e9 })
    const writer = open('follow')
    await writer.write(space, rows)
    await writer.activate(space)
    expect((await reader.vectorOf(['row-1'])).space).toEqual(space)
    await writer.write(otherSpace, rows.slice(0, 2))
    await writer.activate(otherSpace)
    const found = await reader.vectorOf(['row-1', 'row-3'])
    expect(found.space).toEqual(otherSpace)
    expect(found.rows.map(({ id }) => id)).toEqual(['row-1'])

    const late = open('follow', { spaceLifetime: 1e9 })
    expect((await late.vectorOf(['row-1'])).space).toEqual(otherSpace)
    await writer.write(space, rows)
    await writer.activate(space)
    const embedding = { ...(queries[0] as Embedding), space: otherSpace }
    await expect(late.nearest({ embedding, count: 3, filter: noFilter })).rejects.toMatchObject({
      code: 'space-mismatch',
    })
  })

  test('what another process has written is seen, and two that write at once lose nothing', async () => {
    const data = madeRows(40, 4)
    const [one, other] = [open('both', { spaceLifetime: 0 }), open('both', { spaceLifetime: 0 })]
    await refill({ engine: one, data: { ...data, rows: data.rows.slice(0, 2) } })
    expect(await other.describe()).toEqual({ space: data.space, count: 2 })
    await Promise.all([
      one.write(data.space, data.rows.slice(0, 30)),
      other.write(data.space, data.rows.slice(20)),
    ])
    expect(await one.describe()).toEqual({ space: data.space, count: 40 })
    expect(await other.describe()).toEqual({ space: data.space, count: 40 })
  })

  test('a load whose space another process has dropped fails, and the next one begins anew', async () => {
    const { space, otherSpace, rows } = madeRows(6, 4)
    const [one, other] = [open('dropped'), open('dropped')]
    await one.write(space, rows.slice(0, 3))
    await other.write(otherSpace, rows)
    await other.activate(otherSpace)
    // Of three rows that are gone it would believe that they are there.
    await expect(one.write(space, rows.slice(3))).rejects.toThrow()
    expect(await one.versions(space, '', 10)).toEqual([])
    await one.write(space, rows)
    await one.activate(space)
    expect(await one.describe()).toEqual({ space, count: 6 })
    expect((await other.vectorOf(['row-5'])).space).toEqual(space)
  })

  test('without rows there is nothing, and reading makes nothing', async () => {
    const engine = open('nothing')
    expect(await engine.describe()).toBeNull()
    await expect(engine.vectorOf(['a'])).rejects.toThrow(expect.objectContaining({ code: 'engine-empty' }))
    expect(await open('nothing').describe()).toBeNull()
  })
}
