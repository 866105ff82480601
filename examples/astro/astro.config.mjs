export default { vite: { optimizeDeps: { exclude: ['similar-items'] } } }
