import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNpm } from '../../.ci/install.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const unpacked = join(root, '.cache', 'chromium')
const packaged = join(unpacked, 'chromium')
const packagedVersion = '147.0.0'

/** Flags that every Chromium in the tests is started with. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * A Chromium that starts, with the environment it needs: `$CHROMIUM_PATH`, else one that is already installed,
 * else Playwright's own download, else on Linux x64 the one inside the npm package `@sparticuz/chromium`, which needs
 * nothing of the system but has no cameras.
 *
 * @returns {import('./find-browser.mjs').Browser}
 * @throws {Error} when `$CHROMIUM_PATH` does not start, or when nothing could be found or fetched.
 */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (starts(named)) return plain(named)
    throw new Error(`CHROMIUM_PATH names ${named}, which does not start: correct the path or unset it`)
  }
  // What an earlier call had to unpack is not looked for elsewhere again.
  const found = findInstalled() ?? findUnpacked() ?? downloadWithPlaywright() ?? unpackPackaged()
  if (found) return found
  throw new Error(
    'No Chromium for the browser tests: install Chrome, Chromium or Edge, or set CHROMIUM_PATH to one ' +
      '(on Debian and Ubuntu: apt-get install chromium)',
  )
}

/**
 * A browser that is already on this machine, or null.
 *
 * @returns {import('./find-browser.mjs').Browser | null}
 */
export function findInstalled() {
  const path = [...usualPaths(), ...playwrightPaths()].find((path) => existsSync(path) && starts(path))
  return path === undefined ? null : plain(path)
}

/**
 * The same engine without a window, which halves the work of a test: the one that is installed beside the browser.
 * What needs a window (cameras, the back/forward cache, a browser's limits for storage) starts `findBrowser()`.
 * `$CHROMIUM_PATH` stands for both.
 *
 * @returns {import('./find-browser.mjs').Browser}
 * @throws {Error} as `findBrowser` does, which it returns where there is no such shell.
 */
export function findHeadlessShell() {
  const path = process.env.CHROMIUM_PATH ? undefined : shellPaths().find((path) => starts(path))
  return path === undefined ? findBrowser() : plain(path)
}

/**
 * The browser inside the npm package, installed into `.cache/` on first use; null where it cannot run.
 *
 * @returns {import('./find-browser.mjs').Browser | null}
 */
export function unpackPackaged() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  if (!existsSync(packaged)) unpack()
  return findUnpacked()
}

function findUnpacked() {
  // Minimal systems lack NSS and fonts; the package brings both.
  const env = {
    LD_LIBRARY_PATH: join(unpacked, 'al2023', 'lib'),
    FONTCONFIG_PATH: join(unpacked, 'fonts'),
  }
  return existsSync(packaged) && starts(packaged, env) ? { executablePath: packaged, env } : null
}

function unpack() {
  mkdirSync(unpacked, { recursive: true })
  runNpm(
    [
      'install',
      '--prefix',
      unpacked,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `@sparticuz/chromium@${packagedVersion}`,
    ],
    root,
  )
  // The package unpacks itself into the temporary folder, and its libraries only where it believes to be in a
  // serverless function.
  const unpackItself = "import('@sparticuz/chromium').then((chromium) => chromium.default.executablePath())"
  const { status, stderr } = spawnSync(process.execPath, ['--eval', unpackItself], {
    cwd: unpacked,
    env: { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`@sparticuz/chromium could not unpack its browser: ${stderr}`)
  // Its own configuration names the folders of a serverless function.
  writeFileSync(
    join(unpacked, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(unpacked, 'fonts')}</dir>
  <cachedir>${join(unpacked, 'font-cache')}</cachedir>
</fontconfig>
`,
  )
}

/** Null where there is no way to the download, or the system lacks the libraries of that browser. */
function downloadWithPlaywright() {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  const environment = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' }
  spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    cwd: root,
    env: environment,
    stdio: 'inherit',
    timeout: 300_000,
  })
  const path = playwrightPaths().find((path) => starts(path))
  return path === undefined ? null : plain(path)
}

function plain(executablePath) {
  return { executablePath, env: {} }
}

/** Whether the file runs at all; a missing shared library or a wrong architecture shows here. */
function starts(path, env = {}) {
  // Chrome for Windows prints no version, it opens a window.
  if (process.platform === 'win32') return existsSync(path)
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  const { status } = spawnSync(path, ['--version'], { env: { ...process.env, ...env }, timeout: 20_000 })
  return status === 0
}

function usualPaths() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((name) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) =>
        join(folder, `${name}.app`, 'Contents', 'MacOS', name),
      ),
    )
  }
  if (process.platform === 'win32') {
    const { PROGRAMFILES, 'PROGRAMFILES(X86)': x86, LOCALAPPDATA } = process.env
    return [PROGRAMFILES, x86, LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Chromium', 'Application', 'chrome.exe'),
        join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ])
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
  ]
  return ['/usr/bin', '/usr/local/bin', '/snap/bin'].flatMap((folder) =>
    names.map((name) => join(folder, name)),
  )
}

/** Executables in the folder where Playwright keeps its downloads, newest first. */
function playwrightPaths() {
  return downloads(/^chromium-(\d+)$/, [
    'chrome-linux64/chrome',
    'chrome-linux-arm64/chrome',
    'chrome-linux/chrome',
    'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
  ])
}

function shellPaths() {
  const installed = ['chromium-headless-shell', 'chrome-headless-shell']
    .map((name) => join('/usr/bin', name))
    .filter((path) => existsSync(path))
  const names = ['linux64', 'linux-arm64', 'mac-arm64', 'mac-x64', 'win64'].map((system) =>
    join(`chrome-headless-shell-${system}`, `chrome-headless-shell${system === 'win64' ? '.exe' : ''}`),
  )
  return [
    ...installed,
    ...downloads(/^chromium_headless_shell-(\d+)$/, [...names, 'chrome-linux/headless_shell']),
  ]
}

/** Executables at one of the paths `inside` Playwright's folders of a name, newest first. */
function downloads(named, inside) {
  const home = {
    linux: join(homedir(), '.cache'),
    darwin: join(homedir(), 'Library', 'Caches'),
    win32: process.env.LOCALAPPDATA ?? '',
  }
  const folder =
    process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(home[process.platform] ?? home.linux, 'ms-playwright')
  if (!existsSync(folder)) return []
  const versionOf = (name) => Number(named.exec(name)?.[1] ?? -1)
  return readdirSync(folder)
    .filter((name) => named.test(name))
    .sort((a, b) => versionOf(b) - versionOf(a))
    .flatMap((name) => inside.map((path) => join(folder, name, path)))
    .filter((path) => existsSync(path))
}
