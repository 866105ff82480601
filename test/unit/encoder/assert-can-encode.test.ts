import { afterEach, expect, test, vi } from 'vitest'
import { assertCanEncode } from '../../../src/encoder/assert-can-encode.js'

afterEach(() => vi.unstubAllGlobals())

test('without WebAssembly there is no backend', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  await expect(assertCanEncode()).rejects.toMatchObject({
    code: 'no-backend',
    message: expect.stringContaining('Lockdown Mode'),
  })
})

test('where a policy forbids it, the word that the policy lacks is named', async () => {
  const { CompileError } = WebAssembly
  class Module {
    constructor() {
      throw new CompileError('Compiling WebAssembly module violates the Content Security Policy')
    }
  }
  vi.stubGlobal('WebAssembly', { ...WebAssembly, Module })
  await expect(assertCanEncode()).rejects.toMatchObject({
    code: 'no-backend',
    message: expect.stringContaining("'wasm-unsafe-eval'"),
  })
})
