/** The folder of the model that the package brings, among its `models`. */
export const packagedModelName = 'siglip-tiny-patch16-224'

/**
 * The addresses of its files where the scripts were loaded from. Each is written out, since bundlers copy, rename and
 * sometimes inline what they find in exactly this form.
 */
const files: Readonly<Record<string, () => URL>> = {
  'config.json': () =>
    new URL(/* @vite-ignore */ './models/siglip-tiny-patch16-224/config.json', import.meta.url),
  'preprocessor_config.json': () =>
    new URL(/* @vite-ignore */ './models/siglip-tiny-patch16-224/preprocessor_config.json', import.meta.url),
  'self-check.json': () =>
    new URL(/* @vite-ignore */ './models/siglip-tiny-patch16-224/self-check.json', import.meta.url),
  'onnx/vision_model_int7.safetensors': () =>
    new URL(
      /* @vite-ignore */ './models/siglip-tiny-patch16-224/onnx/vision_model_int7.safetensors',
      import.meta.url,
    ),
  'onnx/vision_model_quantized.onnx': () =>
    new URL(
      /* @vite-ignore */ './models/siglip-tiny-patch16-224/onnx/vision_model_quantized.onnx',
      import.meta.url,
    ),
  'onnx/vision_model_fp16.onnx': () =>
    new URL(
      /* @vite-ignore */ './models/siglip-tiny-patch16-224/onnx/vision_model_fp16.onnx',
      import.meta.url,
    ),
}

/** The names of its files. */
export const packagedFileNames: readonly string[] = Object.keys(files)

/** The URL of one of its files, `data:` where a bundler has inlined it. @throws RangeError for another name. */
export function packagedFileUrl(name: string): string {
  const address = files[name]?.()
  if (address) return address.href
  throw new RangeError(`The packaged model has no file ${name}.`)
}
