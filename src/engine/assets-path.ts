let path: string | URL | undefined

/**
 * Names the folder with a copy of the package's `dist`, as `similar-items copy` makes it, for all engines and elements
 * that name none themselves. Pages whose scripts went through a bundler need it once, before the first element works;
 * undefined means again wherever the scripts came from.
 * @param folder its URL; relative ones are resolved against the document.
 */
export function setAssetsPath(folder: string | URL | undefined): void {
  path = folder
}

/** The folder that `setAssetsPath` has named. */
export function assetsPath(): string | URL | undefined {
  return path
}
