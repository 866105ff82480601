import { sveltekit } from '@sveltejs/kit/vite'

export default {
  plugins: [sveltekit()],
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['similar-items'] },
}
