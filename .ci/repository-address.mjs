import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * The address of the repository on the web, without a slash at the end: that of the checkout, from the environment's
 * `GITHUB_REPOSITORY` or the remote "origin". Null where neither names one.
 *
 * @returns {string | null}
 */
export function repositoryAddress() {
  const { GITHUB_SERVER_URL = 'https://github.com', GITHUB_REPOSITORY } = process.env
  if (GITHUB_REPOSITORY) return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`
  const { stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], { cwd: root, encoding: 'utf8' })
  return webAddress(stdout?.trim() ?? '')
}

/**
 * The address on the web of a remote, without the name and password that it may have, and without the port of SSH.
 *
 * @param {string} remote
 * @returns {string | null}
 */
export function webAddress(remote) {
  const web = /^https:\/\/(?:[^@/]*@)?([^/:@]+(?::\d+)?)\/(.+?)(?:\.git)?$/
  const ssh = /^(?:git@([^/:@]+):|ssh:\/\/git@([^/:@]+)(?::\d+)?\/)(.+?)(?:\.git)?$/
  const [, host, path] = web.exec(remote) ?? ssh.exec(remote)?.filter((part) => part !== undefined) ?? []
  return host === undefined ? null : `https://${host}/${path}`
}
