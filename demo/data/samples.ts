/** A photo that people can try the photo search with. */
interface Sample {
  /** File name in `@vendure/create`. */
  readonly file: string
  readonly label: string
}

/** Photos that the shop does not sell: held back from its catalogue, so that the search has something to find. */
export const SAMPLES: readonly Sample[] = [
  { file: 'alexander-andrews-260988-unsplash.jpg', label: 'A camera' },
  { file: 'nikolai-chernichenko-1299748-unsplash.jpg', label: 'A shoe' },
  { file: 'andres-jasso-220776-unsplash.jpg', label: 'A chair' },
  { file: 'caleb-george-536388-unsplash.jpg', label: 'A plant' },
]

/** Where a sample lies below the site. */
export const samplePath = ({ file }: Sample) => `data/samples/${file.replace(/\.jpg$/, '.webp')}`
