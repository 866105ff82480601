import { SimilarItemsError } from '../errors.js'

/**
 * Modules that only some commands need. They are optional peer dependencies, because they are large and a page
 * needs none of them, and are loaded on first use.
 */
const loaders = {
  sharp: () => import('sharp'),
  'onnxruntime-node': () => import('onnxruntime-node'),
  usearch: () => import('usearch'),
  '@huggingface/tokenizers': () => import('@huggingface/tokenizers'),
  protobufjs: () => import('protobufjs'),
}

const purposes: Readonly<Record<keyof typeof loaders, string>> = {
  sharp: 'Encoding pictures',
  'onnxruntime-node': 'Encoding pictures',
  usearch: 'Approximate search',
  '@huggingface/tokenizers': 'A text tower',
  protobufjs: 'Reading an ONNX file',
}

type OptionalPackages = { [Name in keyof typeof loaders]: Awaited<ReturnType<(typeof loaders)[Name]>> }

/** @throws SimilarItemsError `package-missing`, which says how to install it. */
export async function loadOptional<Name extends keyof OptionalPackages>(
  name: Name,
): Promise<OptionalPackages[Name]> {
  try {
    return (await loaders[name]()) as OptionalPackages[Name]
  } catch (cause) {
    throw new SimilarItemsError(
      'package-missing',
      `${purposes[name]} needs the package ${name}, which cannot be loaded. Install it: ` +
        `npm install --save-dev ${name}`,
      { cause, subject: name },
    )
  }
}
