import { createApp } from 'vue'
import { i18n, language, setLanguage } from './i18n'
import { router } from './router'
import { startOutbox } from './api/outbox'
import { whileAsking } from './api/session'
import { readClock } from './parts/now'
import { applyTheme } from './shell/theme'
import App from './shell/App.vue'
import './theme.css'

setLanguage(language())
applyTheme()
// On a slow line everything that can be is asked for at once: the page's own chunk, and what it shows.
for (const { components } of router.resolve(location.pathname).matched) if (typeof components?.default === 'function') void (components.default as () => Promise<unknown>)().catch(() => undefined)
if (location.pathname === '/tasks') whileAsking(() => void import('./field/tasks').then((t) => t.readTasks()))
createApp(App).use(i18n).use(router).mount('#app')
startOutbox()
void readClock()
setInterval(() => void readClock(), 120_000)
// After what was asked for is there: the shell is fetched once more for the device, and must not stand in its way.
if ('serviceWorker' in navigator && import.meta.env.PROD) addEventListener('load', () => setTimeout(() => void navigator.serviceWorker.register('/sw.js'), navigator.serviceWorker.controller ? 0 : 2_000))
