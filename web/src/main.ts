import { createApp } from 'vue'
import { i18n, language, setLanguage } from './i18n'
import { router } from './router'
import { startOutbox } from './api/outbox'
import { readClock } from './parts/now'
import { applyTheme } from './shell/theme'
import App from './shell/App.vue'
import './theme.css'

setLanguage(language())
applyTheme()
createApp(App).use(i18n).use(router).mount('#app')
startOutbox()
void readClock()
setInterval(() => void readClock(), 120_000)
if ('serviceWorker' in navigator && import.meta.env.PROD) void navigator.serviceWorker.register('/sw.js')
