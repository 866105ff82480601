import type * as Kernels from '../entries/scan-kernels.js'
import { expect, test } from '../harness.js'

test.describe('the scan', () => {
  test('uses relaxed SIMD in this browser', async ({ page, shop }) => {
    const entry = await shop.entry('scan-kernels')
    await page.goto(shop.page(''))
    const kernels = await page.evaluate(async (entry) => {
      const { kernelNames } = (await import(entry)) as typeof Kernels
      return kernelNames()
    }, entry)
    expect(kernels).toEqual({ all: ['relaxed-simd', 'simd', 'javascript'], chosen: 'relaxed-simd' })
  })

  test('gives the same lists with every kernel, to the bit', async ({ page, shop }) => {
    const entry = await shop.entry('scan-kernels')
    await page.goto(shop.page(''))
    for (const format of ['int8', 'float32'] as const) {
      for (const dimensions of [5, 16, 64, 128, 192, 333, 768]) {
        const question = { format, dimensions, rows: 999 }
        const [first, ...others] = await page.evaluate(
          async ({ entry, question }) => {
            const { listsByKernel } = (await import(entry)) as typeof Kernels
            return listsByKernel(question)
          },
          { entry, question },
        )
        expect(JSON.parse(first ?? '[]')).toHaveLength(5)
        for (const other of others) expect(other, `${format}, ${dimensions} dimensions`).toBe(first)
      }
    }
  })

  test('falls back to JavaScript where the policy of the page forbids WebAssembly', async ({
    page,
    shop,
  }) => {
    const entry = await shop.entry('scan-kernels')
    await page.goto(shop.page('', { csp: "default-src 'self'; script-src 'self'" }))
    // Playwright's own evaluation needs no `unsafe-eval`; that WebAssembly does need it is told on the console.
    shop.allowErrors(/WebAssembly|Content Security Policy/)
    const kernels = await page.evaluate(async (entry) => {
      const { kernelNames } = (await import(entry)) as typeof Kernels
      return kernelNames()
    }, entry)
    expect(kernels).toEqual({ all: ['javascript'], chosen: 'javascript' })
  })
})
