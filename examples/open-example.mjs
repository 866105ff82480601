import { chromium } from '@playwright/test'
import { findBrowser } from '../test/browser/find-browser.mjs'
import { originOf, serve } from './serve-example.mjs'
import { startProgram } from './start-program.mjs'

/**
 * Opens a built site in the browser, with four products, and waits for the three that are similar to the first.
 *
 * @param {{ site: string, cdn?: string | undefined }} folders `site` is a folder of files, or the script of a server.
 * `cdn` is served from an origin of its own, in the place of `https://cdn.example`.
 * @throws {Error} where the list does not appear, or the console has a line.
 */
export async function openExample({ site, cdn }) {
  const program = site.endsWith('.mjs') ? await startProgram(site) : null
  const cdnServer = cdn && (await serve({ folder: cdn, headers: { 'access-control-allow-origin': '*' } }))
  const server = await serve(program ?? { folder: site, cdn: cdnServer && originOf(cdnServer) })
  const origin = originOf(server)
  const { executablePath, env } = findBrowser()
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath, env: { ...process.env, ...env }, args })
  try {
    const page = await browser.newPage()
    const lines = []
    page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => lines.push(String(error)))
    page.on('response', (response) => {
      if (response.status() >= 400) lines.push(`${response.status()} ${response.url()}`)
    })
    await page.goto(`${origin}/`)
    const cards = page.locator('similar-items [part~=card]')
    try {
      await cards.nth(2).waitFor({ timeout: 90_000 })
    } catch {
      throw new Error(`No list at ${site}.\n${lines.join('\n')}`)
    }
    if (await page.locator('output').count()) {
      await cards.first().click()
      await page.locator('output', { hasText: /\S/ }).waitFor({ timeout: 10_000 })
    }
    if (lines.length > 0) throw new Error(`The console of ${site} has lines:\n${lines.join('\n')}`)
  } finally {
    await browser.close()
    server.close()
    cdnServer?.close()
    program?.close()
  }
}
