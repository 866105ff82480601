import vue from '@vitejs/plugin-vue'

export default {
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'similar-items' } } })],
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['similar-items'] },
}
