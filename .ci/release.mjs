// Makes the package ready to be published: node .ci/release.mjs [--publish]
//
// The address of the repository is that of the checkout (the environment's GITHUB_REPOSITORY, or the remote "origin").
// From it come `repository`, `homepage` and `bugs` in the package, and the README's links and picture become absolute,
// since a registry shows the README without the files beside it. Nothing is published without such an address, which
// `npm publish --provenance` compares with where it runs. Works in a copy: the checkout stays as it is.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { absoluteLinks } from './absolute-links.mjs'
import { repositoryAddress } from './repository-address.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, '.cache', 'release')
const run = (command, args, cwd = root) => execFileSync(command, args, { cwd, stdio: 'inherit' })

const repository = repositoryAddress()
if (!repository)
  throw new Error('Neither GITHUB_REPOSITORY nor the remote "origin" is an address on the web.')
const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { version } = description
if (
  !new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\]`, 'm').test(
    readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  )
) {
  throw new Error(`CHANGELOG.md has no section [${version}].`)
}

run(process.execPath, ['.ci/build.mjs'])
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const name of ['dist', 'docs', 'CHANGELOG.md', 'LICENSE', 'SECURITY.md', 'llms.txt']) {
  cpSync(join(root, name), join(folder, name), { recursive: true })
}
const { scripts, devDependencies, ...published } = description
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ ...published, repository: { type: 'git', url: `git+${repository}.git` }, homepage: `${repository}#readme`, bugs: `${repository}/issues` }, null, 2)}\n`,
)
writeFileSync(
  join(folder, 'README.md'),
  absoluteLinks(readFileSync(join(root, 'README.md'), 'utf8'), repository, `v${version}`),
)
const how = process.argv.includes('--publish') ? ['--provenance'] : ['--dry-run']
run('npm', ['publish', '--access', 'public', ...how], folder)
