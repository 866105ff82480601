export interface WebKit {
  /** Path of WebKitWebDriver. */
  readonly driver: string
  /** Path of MiniBrowser. */
  readonly browser: string
  /** Path of Xvfb; null where the windows have to open on `$DISPLAY`. */
  readonly xvfb: string | null
}

/** Path of a Firefox, or null. */
export function findFirefox(): string | null

/** WebKitGTK, or null. */
export function findWebKit(): WebKit | null

/** What cannot be tested here for want of a browser, one sentence each. */
export function missingBrowsers(): string[]
