export default defineNuxtConfig({
  compatibilityDate: '2025-11-01',
  telemetry: false,
  app: { head: { title: 'Chair', htmlAttrs: { lang: 'en' }, link: [{ rel: 'icon', href: 'data:,' }] } },
  typescript: { strict: true },
  vue: { compilerOptions: { isCustomElement: (tag) => tag === 'similar-items' } },
  vite: { worker: { format: 'es' }, optimizeDeps: { exclude: ['similar-items'] } },
})
