// Prepares a release: node .ci/prepare-release.mjs VERSION [--dry-run]
//
// The version goes into package.json and its lock file, and what stands under Unreleased in CHANGELOG.md under a heading
// with the version and today's date. Examples that name the package's version name this one. Prints what is left to do:
// the commit, the tag, and `.ci/release.mjs --publish` where npm may ask who it is (`--provenance`).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * The changelog with its unreleased part under a heading of its own, and an empty one above.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} date as 2026-11-27.
 * @returns {string}
 * @throws {Error} for what is no version, one that is there already, and where there is nothing to release.
 */
export function released(changelog, version, date) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    throw new Error(`"${version}" is no version, such as 0.1.0.`)
  if (changelog.includes(`\n## [${version}]`))
    throw new Error(`CHANGELOG.md has a section [${version}] already.`)
  const [before, after] = changelog.split('\n## [Unreleased]\n')
  if (after === undefined) throw new Error('CHANGELOG.md has no section [Unreleased].')
  const unreleased = after.split('\n## [')[0] ?? ''
  if (!/^- /m.test(unreleased)) throw new Error('Nothing stands under [Unreleased] in CHANGELOG.md.')
  return `${before}\n## [Unreleased]\n\n## [${version}] - ${date}\n${after}`
}

/**
 * The text of an example with another version of the package: in its dependencies, in the address of a CDN, and in the
 * plugin, whose version is the package's.
 *
 * @param {string} text
 * @param {string} from
 * @param {string} to
 * @returns {string}
 */
export function withVersion(text, from, to) {
  const escaped = from.replaceAll('.', '\\.')
  const places = new RegExp(
    `("similar-items": "\\^|/similar-items@|^ \\* Version: |files/define\\.js', __FILE__\\), \\[\\], ')${escaped}(?=["'/\\s])`,
    'gm',
  )
  return text.replace(places, (_, before) => before + to)
}

/** Files of examples, from the root, that name a version of the package. */
function examplesWith(version) {
  return readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
    .map((path) => `examples/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.(json|liquid|php)$/.test(path) && !/node_modules|package-lock/.test(path))
    .filter((path) => {
      const text = readFileSync(root + path, 'utf8')
      return withVersion(text, version, '') !== text
    })
    .sort()
}

function prepare(version, isDryRun) {
  const write = (path, text) => (isDryRun ? undefined : writeFileSync(root + path, text))
  const read = (path) => readFileSync(root + path, 'utf8')
  write('CHANGELOG.md', released(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10)))
  const description = JSON.parse(read('package.json'))
  const examples = examplesWith(description.version)
  for (const path of examples) write(path, withVersion(read(path), description.version, version))
  write('package.json', `${JSON.stringify({ ...description, version }, null, 2)}\n`)
  const lock = JSON.parse(read('package-lock.json'))
  lock.version = version
  lock.packages[''].version = version
  write('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${isDryRun ? 'Would be' : 'Is'} version ${version}, also in
${examples.map((path) => `  ${path}`).join('\n')}

Then:

git commit --all --message "Release ${version}"
git tag v${version}
node .ci/release.mjs             # shows what would be published
node .ci/release.mjs --publish   # publishes it, with provenance, from CI`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [version = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
  try {
    prepare(version, process.argv.includes('--dry-run'))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
