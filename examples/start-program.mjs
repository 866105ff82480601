import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/**
 * Starts an example's own server, which takes its address from `PORT` and `HOST`, and waits until it answers.
 *
 * @param {string} script
 * @returns {Promise<{ origin: string, close(): void }>}
 * @throws {Error} with what it printed, where it ends before.
 */
export async function startProgram(script) {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1' }
  const program = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (text) => (printed += text))
  const deadline = Date.now() + 60_000
  while (!(await answers(origin))) {
    if (program.exitCode !== null || Date.now() > deadline) {
      program.kill()
      throw new Error(`${script} does not answer.\n${printed}`)
    }
    await setTimeout(100)
  }
  return { origin, close: () => program.kill() }
}

async function answers(origin) {
  try {
    await fetch(origin)
    return true
  } catch {
    return false
  }
}

/** A port that nothing listens to. */
async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
