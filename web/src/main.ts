import { createApp } from 'vue'
import { i18n, language, setLanguage } from './i18n'
import { router } from './router'
import { startOutbox } from './api/outbox'
import { applyTheme } from './shell/theme'
import App from './shell/App.vue'
import './theme.css'

setLanguage(language())
applyTheme()
createApp(App).use(i18n).use(router).mount('#app')
startOutbox()
if ('serviceWorker' in navigator && import.meta.env.PROD) void navigator.serviceWorker.register('/sw.js')
