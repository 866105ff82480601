import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const executable =
  process.env.CHROMA_EXECUTABLE ?? join(import.meta.dirname, '../../../node_modules/.bin/chroma')

/** Chroma's server on this machine: the one of `CHROMA_URL`, or the package `chromadb` where that is installed and runs. */
export async function openChroma(): Promise<
  { readonly url: string; readonly close?: () => void } | { readonly missing: string }
> {
  const given = process.env.CHROMA_URL
  if (given !== undefined) return { url: given }
  if (!existsSync(executable)) {
    return { missing: 'CHROMA_URL names no server, and the package chromadb is not installed' }
  }
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'similar-items-'))
  const child = spawn(executable, ['run', '--path', folder, '--host', '127.0.0.1', '--port', String(port)])
  const close = () => {
    child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const ended = new Promise<'ended'>((resolve) => child.on('close', () => resolve('ended')))
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    const outcome = await Promise.race([ended, isUp(url)])
    if (outcome === true) return { url, close }
    if (outcome === 'ended') break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  close()
  return {
    missing: `the package chromadb does not run here: ${/Error: .*/.exec(said)?.[0] ?? said.slice(0, 200)}`,
  }
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/api/v2/heartbeat`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.on('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
