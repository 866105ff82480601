import { browserFlags, findBrowser } from './find-browser.mjs'

/** Playwright options for a browser with so many cameras, each of which shows a test picture. For a whole file only. */
export function withCameras(count: number) {
  const { executablePath, env } = findBrowser()
  return {
    launchOptions: {
      executablePath,
      env: { ...(process.env as Record<string, string>), ...env },
      args: [...browserFlags, `--use-fake-device-for-media-stream=device-count=${count}`],
    },
  }
}
