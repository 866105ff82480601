import { readFileSync } from 'node:fs'
import resolve from '@rollup/plugin-node-resolve'

export default {
  input: 'main.js',
  output: { dir: 'dist', format: 'es' },
  plugins: [resolve({ browser: true }), page()],
}

function page() {
  return {
    name: 'page',
    generateBundle() {
      for (const fileName of ['index.html', 'catalog.json']) {
        this.emitFile({ type: 'asset', fileName, source: readFileSync(fileName) })
      }
    },
  }
}
