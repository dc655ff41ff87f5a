import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { serviceWorker } from './build-plugins'

// No inline script or style: the server's Content-Security-Policy forbids them.
export default defineConfig({
  plugins: [vue(), serviceWorker(/src\/(field|shell|resident)\/\w+\.vue$/, ['icon.svg', 'manifest.webmanifest'])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2020',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    reportCompressedSize: true,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (id.includes('node_modules/echarts') || id.includes('node_modules/zrender')) return 'charts'
          if (/node_modules\/(@vue|vue|vue-router|petite-vue-i18n|@intlify)\//.test(id)) return 'core'
          return undefined
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/healthz': 'http://127.0.0.1:8080' } },
})
