import { type CheckedFile, checkModel } from '../encoder/check-model.js'
import { writeSelfCheck } from '../encoder/write-self-check.js'
import { packagedModelFolder } from '../package-folder.js'
import { describeProcessor, type Processor } from '../processor.js'
import type { Command } from './command.js'
import { fileSize } from './file-size.js'

export const doctorCommand: Command = {
  usage: '[MODELDIR] [--write-self-check] [--json]',
  summary:
    'Checks a model folder on this processor: its files, their hashes, inputs, outputs and embeddings.',
  help: `  --write-self-check  first writes the folder's self-check.json from its full-precision weights
  --json              for programs; "space" is what a pack made elsewhere has to state`,
  arity: [0, 1],
  options: { 'write-self-check': { type: 'boolean' }, json: { type: 'boolean' } },
  async run(given, terminal, signal) {
    const model = given.positionals[0] ?? packagedModelFolder
    if (given.values['write-self-check']) await writeSelfCheck(model, signal)
    const checked = { ...(await checkModel(model, signal)), processor: await describeProcessor() }
    const { url, preprocessing, space, files, advice, processor } = checked
    if (given.values.json) {
      terminal.out.write(`${JSON.stringify(checked, null, 2)}\n`)
    } else {
      const lines = [
        url,
        `preprocessing  ${preprocessing}`,
        `space          ${space?.fingerprint ?? 'unknown without self-check.json: pages have to load the weights first'}`,
        `processor      ${processor.name}, ${featuresOf(processor)}`,
        ...files.flatMap(describe),
        ...(advice ? [advice] : []),
      ]
      terminal.out.write(`${lines.join('\n')}\n`)
    }
    if (files.length === 0) terminal.err.write('The folder has no weights.\n')
    return files.length > 0 && files.every(({ problem }) => problem === null) ? 0 : 1
  },
}

/** Whether sums of 8-bit products may saturate is said also where that is by what is missing. */
function featuresOf({ features }: Processor): string {
  if (!features) return 'features unknown'
  const saturates = features.includes('avx2') && !features.some((feature) => feature.includes('vnni'))
  return [...features, ...(saturates ? ['(no VNNI)'] : [])].join(' ')
}

function describe(file: CheckedFile): string[] {
  const { url, compute, bytes, dimensions, cosine, milliseconds, problem, untried } = file
  const name = url.slice(url.lastIndexOf('/') + 1)
  const size = fileSize(bytes)
  if (untried) return [`untried  ${name}  ${compute}, ${size}`, `      ${untried}`]
  const facts = [compute, size, `${dimensions} dimensions`, `${milliseconds.toFixed(0)} ms on one thread`]
  if (cosine !== null) facts.push(`cosine ${cosine.toFixed(4)} at worst`)
  return [
    `${problem ? 'bad' : 'good'}  ${name}  ${facts.join(', ')}`,
    ...(problem ? [`      ${problem}`] : []),
  ]
}
