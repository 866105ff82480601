import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lockName, withFolderLock } from '../../../../src/node/files/folder-lock.js'
import { scratchFolder } from '../scratch.js'

const gone = spawnSync(process.execPath, ['-e', '']).pid

describe('a folder is written by one at a time', () => {
  test('until it is done, or has failed', async () => {
    const folder = scratchFolder()
    const inside = await withFolderLock(folder, async () => {
      await expect(withFolderLock(folder, async () => 'both')).rejects.toMatchObject({
        code: 'output-failed',
        message: expect.stringContaining(`process ${process.pid} on ${hostname()} is writing`),
      })
      return readdirSync(folder)
    })
    expect(inside).toEqual([lockName])
    await expect(withFolderLock(folder, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['of a process that is gone', { pid: gone, host: hostname() }, 0],
    ['of another machine, after two minutes', { pid: 1, host: 'elsewhere.invalid' }, 121],
    ['that was not written to the end, after two minutes', '{"pid"', 121],
  ])('a lock %s is taken over, by one of many', { repeats: 20 }, async (_, owner, age) => {
    const folder = scratchFolder()
    const path = join(folder, lockName)
    writeFileSync(path, typeof owner === 'string' ? owner : JSON.stringify({ ...owner, token: 't' }))
    const then = Date.now() / 1000 - age
    utimesSync(path, then, then)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const contenders = 20
    let writing = 0
    let refused = 0
    const attempt = async (): Promise<void> => {
      try {
        await withFolderLock(folder, () => {
          if (++writing > 1) release()
          return held
        })
      } catch (error) {
        expect(error).toMatchObject({ code: 'output-failed' })
        if (++refused === contenders - 1) release()
      }
    }
    await Promise.all(Array.from({ length: contenders }, attempt))
    expect({ writing, refused }).toEqual({ writing: 1, refused: contenders - 1 })
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['of another machine', { pid: 1, host: 'elsewhere.invalid' }],
    ['that is not written yet', ''],
  ])('a fresh lock %s is respected', async (_, owner) => {
    const folder = scratchFolder()
    const path = join(folder, lockName)
    writeFileSync(path, typeof owner === 'string' ? owner : JSON.stringify({ ...owner, token: 't' }))
    await expect(withFolderLock(folder, async () => 'both')).rejects.toMatchObject({ code: 'output-failed' })
    expect(existsSync(path)).toBe(true)
  })

  test('a folder that is none', async () => {
    const path = join(scratchFolder(), 'none')
    await expect(withFolderLock(path, async () => 'never')).rejects.toMatchObject({ code: 'output-failed' })
  })
})
