import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Firefox: `$FIREFOX_PATH`, else one that is installed; null where there is none.
 *
 * @returns {string | null} path of the executable.
 */
export function findFirefox() {
  const usual = [
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/usr/local/bin/firefox',
    '/snap/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ]
  return firstThatExists([process.env.FIREFOX_PATH, ...usual])
}

/**
 * WebKitGTK's driver and the small browser that belongs to it, as Debian's `webkit2gtk-driver` and its dependencies
 * install them; null where either is missing, or a screen: the browser has no headless mode.
 *
 * @returns {import('./find.mjs').WebKit | null}
 */
export function findWebKit() {
  const driver = firstThatExists(['/usr/bin/WebKitWebDriver', '/usr/local/bin/WebKitWebDriver'])
  const browser = firstThatExists(
    ['/usr/lib', ...multiarchFolders(), '/usr/libexec'].flatMap((folder) =>
      ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((name) => join(folder, name, 'MiniBrowser')),
    ),
  )
  const xvfb = firstThatExists(['/usr/bin/Xvfb', '/usr/local/bin/Xvfb'])
  if (driver === null || browser === null || !(xvfb || process.env.DISPLAY)) return null
  return { driver, browser, xvfb }
}

/**
 * What cannot be tested here for want of a browser, one sentence each.
 *
 * @returns {string[]}
 */
export function missingBrowsers() {
  const missing = []
  if (!findFirefox())
    missing.push('Firefox is not tested: not found. Install firefox-esr, or set FIREFOX_PATH.')
  if (!findWebKit()) missing.push('WebKit is not tested: not found. Install webkit2gtk-driver and xvfb.')
  return missing
}

function firstThatExists(paths) {
  return paths.find((path) => path && existsSync(path)) ?? null
}

/** `/usr/lib/x86_64-linux-gnu` and the like. */
function multiarchFolders() {
  const folder = '/usr/lib'
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(folder, name))
}
