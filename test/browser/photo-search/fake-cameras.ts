import type { Browser } from '@playwright/test'
import { browserFlags, findBrowser } from '../find-browser.mjs'
import type { Shop } from '../harness.js'

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

/** Whether the browser can open the cameras it was started with: the one inside an npm package lists them only. */
export async function opensCameras(browser: Browser, shop: Shop): Promise<boolean> {
  const context = await browser.newContext({ permissions: ['camera'] })
  try {
    const page = await context.newPage()
    await page.goto(shop.page(''))
    return await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ video: true }).then(
        (stream) => stream.getTracks().every((track) => track.stop() === undefined),
        () => false,
      ),
    )
  } finally {
    await context.close()
  }
}

export const noCameras = 'this browser has no cameras to pretend'
