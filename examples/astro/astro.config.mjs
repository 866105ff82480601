export default { vite: { worker: { format: 'es' }, optimizeDeps: { exclude: ['similar-items'] } } }
