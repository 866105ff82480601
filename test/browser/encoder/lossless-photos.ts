import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { NodeEncoder } from '../../../src/node/encoder/node-encoder.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const photos = `${root}node_modules/@vendure/create/assets/images/`

/** Photos as PNG, which every program decodes to the same pixels, and the vectors that the kernel gives them in Node. */
export async function losslessPhotos(names: readonly string[]) {
  const model = `${root}public/models/siglip-tiny-patch16-224`
  const encoder = await NodeEncoder.open({ model, backend: 'kernel' })
  try {
    const made = names.map(async (name) => {
      const png = await sharp(`${photos}${name}`).resize(320, 240, { fit: 'cover' }).png().toBuffer()
      return { path: `/lossless/${name}.png`, png, vector: [...(await encoder.encode(png, name)).vector] }
    })
    return await Promise.all(made)
  } finally {
    await encoder.close()
  }
}
