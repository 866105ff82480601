import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const script = `${root}.ci/prepare-release.mjs`
const { released, withVersion } = (await import(
  new URL('../../../.ci/prepare-release.mjs', import.meta.url).href
)) as {
  released: (changelog: string, version: string, date: string) => string
  withVersion: (text: string, from: string, to: string) => string
}

const changelog =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A chair.\n\n## [0.1.0] - 2026-01-01\n\n- All.\n'

describe('a release', () => {
  test('takes what is unreleased under its own heading', () => {
    expect(released(changelog, '0.2.0', '2026-02-03')).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n### Added\n\n- A chair.\n\n## [0.1.0] - 2026-01-01\n\n- All.\n',
    )
  })

  test.each([
    [changelog, '0.1.0', 'has a section [0.1.0] already'],
    [changelog, 'v0.2', '"v0.2" is no version'],
    [changelog.replace('- A chair.', ''), '0.2.0', 'Nothing stands under [Unreleased]'],
    ['# Changelog\n', '0.2.0', 'has no section [Unreleased]'],
  ])('is refused where it cannot be: %#', (text, version, message) => {
    expect(() => released(text, version, '2026-02-03')).toThrow(message)
  })

  test.each([
    ['plain/package.json', '"similar-items": "^9.8.7"'],
    ['shopify/blocks/similar-items.liquid', '/similar-items@9.8.7/dist/'],
    ['woocommerce/similar-items/similar-items.php', ' * Version: 9.8.7\n'],
    ['woocommerce/similar-items/similar-items.php', "[], '9.8.7'"],
  ])('is named by the example %s', (path, expected) => {
    const text = readFileSync(`${root}examples/${path}`, 'utf8')
    const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
    const changed = withVersion(text, version, '9.8.7')
    expect(changed).toContain(expected)
    expect(changed).not.toContain(version)
  })

  test('changes nothing in a dry run', () => {
    const files = ['CHANGELOG.md', 'package.json', 'package-lock.json', 'examples/plain/package.json']
    const contents = () => files.map((file) => readFileSync(root + file, 'utf8'))
    const before = contents()
    // Whether there is something to release depends on the day.
    const { stdout, stderr } = spawnSync(process.execPath, [script, '999.0.0', '--dry-run'], {
      encoding: 'utf8',
    })
    expect(stdout + stderr).toMatch(/Would be version 999\.0\.0|Nothing stands under/)
    expect(contents()).toEqual(before)
    expect(() => execFileSync(process.execPath, [script], { stdio: 'pipe' })).toThrow('is no version')
  })
})

test('the version of the package has its section in the changelog', () => {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  expect(readFileSync(`${root}CHANGELOG.md`, 'utf8')).toContain(`\n## [${version}] - `)
})
