import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../', import.meta.url)

test('the tests that test/inputs.md names are there', () => {
  const lines = readFileSync(new URL('inputs.md', folder), 'utf8').split('\n')
  const named = lines
    .filter((line) => line.startsWith('| ') && line.includes('`: '))
    .flatMap((line) => [...line.matchAll(/`([\w./-]+\.ts)`: (.*?)(?=<br>| \|$)/g)])
  expect(named.length).toBeGreaterThan(50)
  const missing = named.filter(([, file = '', title = '']) => {
    const url = new URL(file, folder)
    return !existsSync(url) || !readFileSync(url, 'utf8').includes(title)
  })
  expect(missing.map(([, file, title]) => `${file}: ${title}`)).toEqual([])
})
