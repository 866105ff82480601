import { type CheckedFile, checkModel } from '../check-model.js'
import type { Command } from './command.js'

export const doctorCommand: Command = {
  usage: 'MODELDIR [--json]',
  summary: 'Checks a model folder: its files, their hashes, inputs and outputs, and the reference embedding.',
  help: '  --json    for programs; "space" is what a pack made elsewhere has to state',
  arity: 1,
  options: { json: { type: 'boolean' } },
  async run(given, terminal, signal) {
    const checked = await checkModel(given.positionals[0] as string, signal)
    const { url, preprocessing, space, files } = checked
    if (given.values.json) {
      terminal.out.write(`${JSON.stringify(checked, null, 2)}\n`)
    } else {
      const lines = [
        url,
        `preprocessing  ${preprocessing}`,
        `space          ${space?.fingerprint ?? 'unknown without self-check.json: pages have to load the weights first'}`,
        ...files.flatMap(describe),
      ]
      terminal.out.write(`${lines.join('\n')}\n`)
    }
    if (files.length === 0) terminal.err.write('The folder has no weights.\n')
    return files.length > 0 && files.every(({ problem }) => problem === null) ? 0 : 1
  },
}

function describe({ url, compute, bytes, dimensions, cosine, milliseconds, problem }: CheckedFile): string[] {
  const name = url.slice(url.lastIndexOf('/') + 1)
  const size = `${(bytes / 1e6).toFixed(1)} MB`
  const facts = [compute, size, `${dimensions} dimensions`, `${milliseconds.toFixed(0)} ms on one thread`]
  if (cosine !== null) facts.push(`cosine ${cosine.toFixed(4)}`)
  return [
    `${problem ? 'bad' : 'good'}  ${name}  ${facts.join(', ')}`,
    ...(problem ? [`      ${problem}`] : []),
  ]
}
