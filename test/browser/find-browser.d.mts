export interface Browser {
  readonly executablePath: string
  /** Variables to add to the environment of the browser process. */
  readonly env: Readonly<Record<string, string>>
}

/** Flags that every Chromium in the tests is started with. */
export const browserFlags: readonly string[]

/** A Chromium that starts; see the implementation for the order in which places are tried. */
export function findBrowser(): Browser

/** The same engine without a window where it is installed, or else what `findBrowser` finds. */
export function findHeadlessShell(): Browser

/** A browser that is already on this machine, or null. */
export function findInstalled(): Browser | null

/** The browser inside the npm package `@sparticuz/chromium`, or null where it cannot run. */
export function unpackPackaged(): Browser | null
