declare const RUNTIME_SHA256: { readonly wasm: string; readonly jspi: string } | undefined

/** Hex SHA-256 of ONNX Runtime's binaries, which the build puts in; null where this runs without a build. */
export const runtimeHashes = typeof RUNTIME_SHA256 === 'undefined' ? null : RUNTIME_SHA256
