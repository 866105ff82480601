export default {
  optimizeDeps: { exclude: ['similar-items'] },
}
