import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { Builder, Key as DriverKey, Origin, type WebDriver, type WebElement } from 'selenium-webdriver'
import type { Key, Tab, TestedBrowser } from './browser.js'
import type { WebKit } from './find.mjs'

/** Starts WebKitGTK's driver, and a screen for its browser where there is none. A profile is a session of the driver. */
export async function startWebKit({ driver, browser, xvfb }: WebKit): Promise<TestedBrowser> {
  const screen = xvfb === null ? null : await startScreen(xvfb)
  const port = await freePort()
  const environment = screen ? { ...process.env, DISPLAY: screen.display } : process.env
  const service = startProcess(driver, [`--port=${port}`], { env: environment })
  const server = `http://127.0.0.1:${port}`
  await untilReady(server)

  const openSession = () =>
    new Builder()
      .usingServer(server)
      .withCapabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
      })
      .build()
  const first = await openSession()
  const version = (await first.getCapabilities()).getBrowserVersion()
  await first.quit()
  return {
    version: `WebKitGTK ${version}`,
    openProfile: async () => {
      const session = await openSession()
      await session.manage().setTimeouts({ script: 240_000, pageLoad: 60_000 })
      return new WebKitTab(new TabTurns(session), await session.getWindowHandle(), () => session.quit())
    },
    close: async () => {
      service.kill()
      screen?.process.kill()
    },
  }
}

/** The driver has one current tab per session: what is done in a tab is done in turn. */
class TabTurns {
  readonly #driver: WebDriver
  #last: Promise<unknown> = Promise.resolve()

  constructor(driver: WebDriver) {
    this.#driver = driver
  }

  take<T>(handle: string, run: (driver: WebDriver) => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      await this.#driver.switchTo().window(handle)
      return run(this.#driver)
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

class WebKitTab implements Tab {
  readonly #turns: TabTurns
  readonly #handle: string
  readonly close: () => Promise<void>

  constructor(turns: TabTurns, handle: string, close: () => Promise<void>) {
    this.#turns = turns
    this.#handle = handle
    this.close = close
  }

  goto(url: string): Promise<void> {
    return this.#here((driver) => driver.get(url))
  }

  async evaluate<T, A>(run: (argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    const script = inPage(run)
    const outcome = await this.#here((driver) => driver.executeAsyncScript<Outcome<T>>(script, argument))
    if ('failure' in outcome) throw new Error(`in the page: ${outcome.failure}`)
    return outcome.value
  }

  press(key: Key): Promise<void> {
    return this.#here((driver) => driver.actions().sendKeys(keys[key]).perform())
  }

  click({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
    const place = { x: Math.round(x), y: Math.round(y), origin: Origin.VIEWPORT, duration: 0 }
    return this.#here((driver) => driver.actions().move(place).click().perform())
  }

  chooseFile(find: () => Element | null | undefined, path: string): Promise<void> {
    return this.#here(async (driver) => {
      const input = await driver.executeScript<WebElement>(`return (${find})()`)
      await input.sendKeys(path)
    })
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#here((driver) => driver.manage().window().setRect({ x: 0, y: 0, width, height }))
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#here((driver) => driver.takeScreenshot()), 'base64')
  }

  openTab(): Promise<Tab> {
    return this.#here(async (driver) => {
      await driver.switchTo().newWindow('tab')
      const handle = await driver.getWindowHandle()
      const close = () => this.#turns.take(handle, (driver) => driver.close())
      return new WebKitTab(this.#turns, handle, close)
    })
  }

  #here<T>(run: (driver: WebDriver) => Promise<T>): Promise<T> {
    return this.#turns.take(this.#handle, run)
  }
}

type Outcome<T> = { readonly value: T } | { readonly failure: string }

/** The text of a script that answers with what a function returns, resolves to or throws. */
function inPage(run: (argument: never) => unknown): string {
  return `const [argument, done] = arguments
    Promise.resolve(argument).then(${run}).then(
      (value) => done({ value }),
      (error) => done({ failure: String(error) + '\\n' + (error?.stack ?? '') }),
    )`
}

const keys: Readonly<Record<Key, string>> = {
  ArrowLeft: DriverKey.ARROW_LEFT,
  ArrowRight: DriverKey.ARROW_RIGHT,
  End: DriverKey.END,
  Enter: DriverKey.ENTER,
  Escape: DriverKey.ESCAPE,
  Home: DriverKey.HOME,
  Tab: DriverKey.TAB,
}

/** A screen in memory; the server chooses its number and writes it to a pipe. */
async function startScreen(xvfb: string) {
  const process = startProcess(
    xvfb,
    ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'],
    {
      pipes: 1,
    },
  )
  const pipe = process.stdio[3] as Readable
  const number = await new Promise<string>((resolve, reject) => {
    pipe.once('data', (data: Buffer) => resolve(data.toString().trim()))
    process.once('exit', (code) => reject(new Error(`${xvfb} ended with ${code} before it had a screen`)))
  })
  return { process, display: `:${number}` }
}

function startProcess(
  path: string,
  args: readonly string[],
  { env = process.env, pipes = 0 }: { readonly env?: NodeJS.ProcessEnv; readonly pipes?: number },
): ChildProcess {
  const stdio = ['ignore', 'ignore', 'ignore', ...Array<'pipe'>(pipes).fill('pipe')] as const
  const started = spawn(path, args, { env, stdio: [...stdio] })
  process.once('exit', () => started.kill())
  return started
}

async function untilReady(server: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const status = await fetch(`${server}/status`).catch(() => null)
    if (status?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`the driver of WebKitGTK does not answer at ${server}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
