import { readFileSync } from 'node:fs'
import { turnedPicture } from '../fixtures/turned-picture.js'
import { expect, test } from './harness.js'
import { openPhotoSearch } from './photo-search-page.js'

const upright = readFileSync(new URL('../fixtures/reference/orientation/upright.png', import.meta.url))

test('a WebP photo that lies on its side is shown upright, as it is searched with', async ({
  page,
  shop,
}) => {
  await openPhotoSearch(page, shop)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a picture' }).click()
  const buffer = await turnedPicture(upright, 'webp', 6)
  await (await chooser).setFiles({ name: 'turned.webp', mimeType: 'image/webp', buffer })
  // Chromium shows such files as they are stored, so the panel draws them itself.
  const canvas = page.locator('[part="photo"] canvas')
  await canvas.waitFor()
  const shown = await canvas.evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d')
    const { width, height } = canvas
    const corner = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3)
    return { ratio: width / height, first: corner(2, 2), last: corner(width - 3, height - 3) }
  })
  expect(shown.ratio).toBeCloseTo(1.5, 2)
  const expected = await page.evaluate(
    async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]))
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
      context?.drawImage(bitmap, 0, 0)
      const corner = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3)
      return { first: corner(0, 0), last: corner(bitmap.width - 1, bitmap.height - 1) }
    },
    [...upright],
  )
  for (const place of ['first', 'last'] as const) {
    for (const [channel, level] of expected[place].entries()) {
      expect(Math.abs((shown[place][channel] ?? 0) - level), `${place} corner`).toBeLessThan(24)
    }
  }
})
