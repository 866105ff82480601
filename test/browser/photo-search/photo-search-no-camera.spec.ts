import { expect, test } from '../harness.js'
import { withCameras } from './fake-cameras.js'
import { openPhotoSearch } from './photo-search-page.js'

test.use({ ...withCameras(0), permissions: ['camera'] })

test('where there is no camera, that is said, and a file is the next best way', async ({ page, shop }) => {
  await openPhotoSearch(page, shop)
  await page.getByRole('button', { name: 'Take a photo' }).click()
  await expect(page.getByRole('alert')).toContainText('No camera was found.')
  await expect(page.getByRole('button', { name: 'Choose a picture' })).toBeFocused()
})
