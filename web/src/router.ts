import { createRouter, createWebHistory } from 'vue-router'
import { load, session } from './api/session'
import { landing } from './shell/menu'

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  routes: [
    { path: '/', component: () => import('./shell/Nothing.vue'), beforeEnter: () => landing() },
    { path: '/sign-in', name: 'sign-in', component: () => import('./shell/SignIn.vue'), meta: { open: true } },
    { path: '/tasks', component: () => import('./field/MyTasks.vue') },
    { path: '/tasks/refused', component: () => import('./field/Refused.vue') },
    { path: '/tasks/:task(\\d+)', component: () => import('./field/TaskPage.vue'), props: true },
    { path: '/chains', component: () => import('./chain/Chains.vue') },
    { path: '/command', component: () => import('./command/Command.vue') },
    { path: '/nothing', component: () => import('./shell/Nothing.vue') },
    { path: '/:rest(.*)*', component: () => import('./shell/Nothing.vue'), props: { unknown: true } },
  ],
})

router.beforeEach(async (to) => {
  if (!session.known) await load()
  if (!session.me && !to.meta.open) return { name: 'sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
  const ready = session.me?.state === 'signed_in'
  if (session.me && !ready && !to.meta.open) return { name: 'sign-in' }
  if (ready && to.name === 'sign-in') return '/'
  return true
})
