import { openEngine } from './engine-page.js'
import { expect, openPage, test } from './harness.js'

// Tor Browser sets it as well.
test.use({ preferences: { 'privacy.resistFingerprinting': true } })

test('where the browser gives noise for pixels, pictures are refused before the model is loaded', async ({
  tab,
  shop,
}) => {
  shop.photoCatalog(3)
  await openPage(tab, shop)
  await openEngine(tab)
  const failures = await tab.evaluate(async () => {
    const failures: { code: string; message: string }[] = []
    const photo = await (await fetch('/photos/abel-y-costa-716024-unsplash.jpg')).blob()
    for (const ask of [
      () => window.engine.searchByImage(photo),
      () => window.engine.prepare(),
      () => window.engine.proposeCrop(photo),
      () => window.engine.similarTo('sku-01'),
      () => window.engine.sync(),
    ]) {
      const { code, message } = (await ask().then(
        () => ({}),
        (error: unknown) => error,
      )) as { code: string; message: string }
      failures.push({ code, message })
    }
    return failures
  })
  for (const { code, message } of failures) {
    expect(code).toBe('no-backend')
    expect(message).toContain('privacy.resistFingerprinting')
  }
  const { vectors, skipped } = await tab.evaluate(() => window.engine.status)
  expect({ vectors, skipped }).toEqual({ vectors: { stored: 0, encoded: 0 }, skipped: [] })
  expect(shop.requests(/\.onnx$|\.wasm$/)).toEqual([])
})
