import type { Page } from '@playwright/test'
import { expect, test } from '../harness.js'
import { noCameras, opensCameras, withCameras } from './fake-cameras.js'
import { choose, found, openPhotoSearch, photoFile, searched } from './photo-search-page.js'

test.use(withCameras(3))

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

/** Keeps every camera track that the page opens; what it returns tells whether they are live. */
async function watchTracks(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript(() => {
    const { mediaDevices } = navigator
    const open = mediaDevices.getUserMedia.bind(mediaDevices)
    const tracks: MediaStreamTrack[] = []
    Object.assign(window, { tracks })
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted)
      tracks.push(...stream.getTracks())
      return stream
    }
  })
  return () =>
    page.evaluate(() =>
      (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map((track) => track.readyState),
    )
}

test.describe('a live camera', () => {
  test.use({ permissions: ['camera'] })

  test.beforeEach(async ({ browser, shop }) => {
    test.skip(!(await opensCameras(browser, shop)), noCameras)
  })

  test('takes the photo that is searched with, and its lamp goes out', async ({ page, shop }) => {
    const states = await watchTracks(page)
    await openPhotoSearch(page, shop)
    await page.getByRole('button', { name: 'Take a photo' }).click()
    const shutter = page.getByRole('button', { name: 'Take the photo' })
    await expect(shutter).toBeFocused()
    await page.getByRole('button', { name: 'Switch camera' }).click()
    await expect.poll(states).toEqual(['ended', 'live'])
    await expect(shutter).toBeEnabled()
    await shutter.click()
    await expect.poll(states).toEqual(['ended', 'ended'])
    await searched(page)
    await expect(page.locator('[part="photo"] img')).toBeVisible()

    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Take a photo' }).click()
    await expect(shutter).toBeEnabled()
    await page.keyboard.press('Escape')
    await expect.poll(states).toEqual(['ended', 'ended', 'ended'])
  })

  test('is switched off with the dialog after two quick taps on the switch', async ({ page, shop }) => {
    const states = await watchTracks(page)
    await openPhotoSearch(page, shop)
    await page.getByRole('button', { name: 'Take a photo' }).click()
    const shutter = page.getByRole('button', { name: 'Take the photo' })
    await expect(shutter).toBeFocused()
    await page.getByRole('button', { name: 'Switch camera' }).dblclick()
    await expect.poll(states).toEqual(['ended', 'ended', 'live'])
    await expect(shutter).toBeEnabled()
    await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect.poll(states).toEqual(['ended', 'ended', 'ended'])
  })
})

test.describe('cameras that fail', () => {
  test.use({ permissions: ['camera'] })

  /** Lets every try to open a camera fail; what browsers do with a camera in use differs. */
  const failToOpen = (page: Page, name: string) =>
    page.addInitScript((name) => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('The test wants it.', name)
      }
    }, name)

  const sentences = {
    AbortError: 'The camera does not answer',
    NotReadableError: 'The camera does not answer',
    OverconstrainedError: 'No camera was found',
    NotFoundError: 'No camera was found',
  }
  for (const [name, sentence] of Object.entries(sentences)) {
    test(`with ${name} are explained, and a file is the next best way`, async ({ page, shop }) => {
      await failToOpen(page, name)
      await openPhotoSearch(page, shop)
      await page.getByRole('button', { name: 'Take a photo' }).click()
      await expect(page.getByRole('alert')).toContainText(sentence)
      await expect(page.getByRole('button', { name: 'Choose a picture' })).toBeFocused()
    })
  }

  test('while they are shown are explained; one that pauses goes on', async ({ page, browser, shop }) => {
    test.skip(!(await opensCameras(browser, shop)), noCameras)
    const states = await watchTracks(page)
    const tell = (type: string) =>
      page.evaluate((type) => {
        const { tracks } = window as unknown as { tracks: MediaStreamTrack[] }
        tracks.at(-1)?.dispatchEvent(new Event(type))
      }, type)
    await openPhotoSearch(page, shop)
    await page.getByRole('button', { name: 'Take a photo' }).click()
    const shutter = page.getByRole('button', { name: 'Take the photo' })
    await expect(shutter).toBeEnabled()
    await tell('mute')
    await expect(shutter).toBeDisabled()
    await tell('unmute')
    await expect(shutter).toBeEnabled()
    await tell('ended')
    await expect(page.getByRole('alert')).toContainText('The camera does not answer')
    await expect(page.getByRole('button', { name: 'Choose a picture' })).toBeFocused()
    expect(await states()).toEqual(['ended'])

    await page.getByRole('button', { name: 'Take a photo' }).click()
    await expect(shutter).toBeEnabled()
    await tell('mute')
    await expect(page.getByRole('alert')).toContainText('The camera does not answer', { timeout: 20_000 })
  })

  test('are passed over by the switch, and all others can be reached', async ({ page, browser, shop }) => {
    test.skip(!(await opensCameras(browser, shop)), noCameras)
    await page.addInitScript(() => {
      const { mediaDevices } = navigator
      const open = mediaDevices.getUserMedia.bind(mediaDevices)
      const opened: (string | undefined)[] = []
      const fault = { broken: '' }
      Object.assign(window, { opened, fault })
      mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted)
        const id = stream.getVideoTracks()[0]?.getSettings().deviceId
        if (id === fault.broken) {
          for (const track of stream.getTracks()) track.stop()
          throw new DOMException('The test wants it.', 'NotReadableError')
        }
        opened.push(id)
        return stream
      }
    })
    const opened = () => page.evaluate(() => (window as unknown as { opened: string[] }).opened)
    await openPhotoSearch(page, shop)
    await page.getByRole('button', { name: 'Take a photo' }).click()
    const next = page.getByRole('button', { name: 'Switch camera' })
    for (let count = 1; count <= 3; count++) {
      await expect(page.getByRole('button', { name: 'Take the photo' })).toBeEnabled()
      await next.click()
      await expect.poll(async () => (await opened()).length).toBe(count + 1)
    }
    const [first, second, third, fourth] = await opened()
    expect(new Set([first, second, third]).size).toBe(3)
    expect(fourth).toBe(first)

    await expect(page.getByRole('button', { name: 'Take the photo' })).toBeEnabled()
    await page.evaluate((id) => {
      ;(window as unknown as { fault: { broken: string | undefined } }).fault.broken = id
    }, second)
    await next.click()
    await expect.poll(async () => (await opened()).at(4)).toBe(third)
    await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
  })
})

test.describe('a camera that the shopper refuses', () => {
  test('is explained, and a file is the next best way', async ({ page, browser, shop }) => {
    test.skip(!(await opensCameras(browser, shop)), noCameras)
    await openPhotoSearch(page, shop)
    await page.getByRole('button', { name: 'Take a photo' }).click()
    await expect(page.getByRole('alert')).toContainText('This site may not use the camera.')
    await expect(page.getByRole('button', { name: 'Choose a picture' })).toBeFocused()
  })
})

test.describe('on a phone', () => {
  test.use(phone)

  test('a refused camera leads to the camera app, which gives a file', async ({ page, browser, shop }) => {
    test.skip(!(await opensCameras(browser, shop)), noCameras)
    await openPhotoSearch(page, shop)
    const take = page.getByRole('button', { name: 'Take a photo' })
    await take.tap()
    await expect(page.getByRole('alert')).toContainText('This site may not use the camera.')
    await expect(take).toBeFocused()
    await choose(page, photoFile('abel-y-costa-716024-unsplash.jpg'), 'Take a photo')
    await expect(found(page).first()).toContainText('abel y costa', { timeout: 60_000 })
  })

  test('two fingers pinch the frame', async ({ page, shop }) => {
    await openPhotoSearch(page, shop)
    await choose(page, photoFile('abel-y-costa-716024-unsplash.jpg'))
    await searched(page)
    const frame = await page.locator('[part="photo"]').boundingBox()
    const { x, y, width, height } = frame ?? { x: 0, y: 0, width: 0, height: 0 }
    const touch = await page.context().newCDPSession(page)
    const fingers = (spread: number) =>
      [-1, 1].map((side, id) => ({ x: x + width * (0.5 + side * spread), y: y + height / 2, id }))
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(0.4) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(0.3) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(0.2) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    const box = page.getByRole('slider', { name: 'Search area', exact: true })
    const now = async () => Number(await box.getAttribute('aria-valuenow'))
    await expect.poll(now).toBeLessThan(40)
    expect(await now()).toBeGreaterThan(10)
  })
})
