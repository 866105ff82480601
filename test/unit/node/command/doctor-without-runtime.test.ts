import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { doctorCommand } from '../../../../src/node/command/doctor-command.js'
import { checkModel } from '../../../../src/node/encoder/check-model.js'
import { packagedModelFolder } from '../../../../src/node/package-folder.js'
import { scratchFolder } from '../scratch.js'

vi.mock('onnxruntime-node', () => {
  throw new Error('not installed')
})

test('what the own kernel computes is tried, the other files are told', async () => {
  let printed = ''
  const out = new Writable({
    write(text, _, done) {
      printed += text
      done()
    },
  })
  const code = await doctorCommand.run(
    { positionals: [], values: {} },
    { out, err: out },
    new AbortController().signal,
  )
  expect(printed).toMatch(/^good {2}vision_model_int7\.safetensors {2}int7, 6\.2 MB.*cosine 0\.99/m)
  expect(printed).toMatch(
    /^untried {2}\S+\.onnx {2}int8, .* MB\n +.*npm install --save-dev onnxruntime-node/m,
  )
  expect(printed).toMatch(/^untried {2}\S+\.onnx {2}fp32, /m)
  expect(code).toBe(0)
})

test('a folder of which nothing can be tried is refused', async () => {
  const model = scratchFolder()
  for (const file of ['config.json', 'preprocessor_config.json', 'onnx/vision_model_quantized.onnx'])
    cpSync(join(packagedModelFolder, file), join(model, file))
  await expect(checkModel(model)).rejects.toMatchObject({ code: 'package-missing' })
})
