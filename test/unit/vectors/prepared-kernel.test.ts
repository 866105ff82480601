import { expect, test } from 'vitest'
import { openScanKernel, prepareScanKernel } from '../../../src/vectors/scan-kernel.js'

test('a kernel that was prepared is opened once: each table has a memory of its own', () => {
  prepareScanKernel()
  prepareScanKernel()
  const [first, second, third] = [openScanKernel(), openScanKernel(), openScanKernel()]
  expect(new Set([first.memory, second.memory, third.memory]).size).toBe(3)
  expect(second.name).toBe(first.name)
})
