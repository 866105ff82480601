export default {
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['similar-items'] },
}
