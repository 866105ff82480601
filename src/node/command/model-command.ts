import { SimilarItemsError } from '../../errors.js'
import { addTowerWeights } from '../tower-weights/add-tower-weights.js'
import type { Command } from './command.js'
import { fileSize } from './file-size.js'

export const modelCommand: Command = {
  usage: 'MODELDIR --weights',
  summary: "Prepares a model folder: writes the 7-bit weights that the package's own kernel computes with.",
  help: `  --weights    writes onnx/vision_model_int7.safetensors from weights in full precision, and states it in
               self-check.json`,
  arity: 1,
  options: { weights: { type: 'boolean' } },
  async run(given, terminal, signal) {
    if (!given.values.weights) {
      throw new SimilarItemsError('invalid-argument', 'Say what to prepare: --weights.')
    }
    const { path, bytes, cosine, minCosine } = await addTowerWeights(given.positionals[0] as string, signal)
    const isTrusted = cosine >= minCosine
    terminal.out.write(`${path}  ${fileSize(bytes)}, cosine ${cosine.toFixed(4)} at worst\n`)
    if (!isTrusted) {
      terminal.err.write(
        `Rounded to 7 bits the model computes something else: ${minCosine} is needed before a page trusts it.\n`,
      )
    }
    return isTrusted ? 0 : 1
  },
}
