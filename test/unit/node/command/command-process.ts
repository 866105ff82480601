import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from '../../../../src/node/command/command-line.js'

const script = fileURLToPath(new URL('../../../../dist/node/cli.js', import.meta.url))

/** Whether there is a command line to run. */
export const isBuilt = existsSync(script)
if (!isBuilt) console.log('dist is absent: run npm run build to test the command line')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts `similar-items` as a process of its own. `input: 'pipe'` leaves its standard input to the caller. */
export function startCommand(
  argv: readonly string[],
  { cwd, input = 'ignore' }: { readonly cwd?: string; readonly input?: 'pipe' | 'ignore' } = {},
): {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
} {
  const child = spawn(process.execPath, [script, ...argv], { cwd, stdio: [input, 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => {
    stdout += data
  })
  child.stderr?.on('data', (data) => {
    stderr += data
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { process: child, ended }
}

/** What `similar-items` does, in this process: faster, where what a process has to itself does not matter. */
export async function runCommand(...argv: readonly string[]): Promise<Ended> {
  const [out, err] = [new Collected(), new Collected()]
  const code = await runCommandLine(argv, { out, err }, new AbortController().signal)
  return { code, stdout: out.text, stderr: err.text }
}

class Collected extends Writable {
  text = ''

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk
    done()
  }
}
