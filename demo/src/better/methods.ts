import type { Method } from '../../data/comparison.js'

/** What each method is called, and how it works in one line. */
export const METHOD_TEXTS: Record<Method, { readonly title: string; readonly note: string }> = {
  random: {
    title: 'Random',
    note: 'Any product will do. What is not clearly better than this does nothing.',
  },
  colours: { title: 'Colours', note: 'How much of the picture has which of 64 colours: a histogram.' },
  encoder: { title: 'Encoder', note: 'The SigLIP image encoder of this project, as it is shipped.' },
  tuned: {
    title: 'Encoder, tuned',
    note: 'The same, with a projection learned from other products’ shelves.',
  },
}
