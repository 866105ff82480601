/** What `voy_search.js` re-exports; that one imports its WebAssembly in a way that no browser knows yet. */
declare module 'voy-search/voy_search_bg.js' {
  export * from 'voy-search'
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void
}
