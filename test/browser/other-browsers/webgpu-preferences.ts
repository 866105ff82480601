/** Firefox's preferences for WebGPU on Linux, also on a GPU in software. */
export const webgpuPreferences = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'gfx.webgpu.force-enabled': true,
}
