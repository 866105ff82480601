/** The same script as `onnxruntime-web/wasm` in a module, and a file, of its own. */
declare module 'onnxruntime-web/wasm?copy' {
  export * from 'onnxruntime-web/wasm'
}
