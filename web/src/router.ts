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
    { path: '/cases', component: () => import('./desk/EnrolmentList.vue'), props: { kind: 'cases' } },
    { path: '/contacts', component: () => import('./desk/EnrolmentList.vue'), props: { kind: 'contacts' } },
    { path: '/cases/:enrolment(\\d+)', component: () => import('./desk/EnrolmentPage.vue'), props: (r) => ({ kind: 'cases', enrolment: r.params.enrolment }) },
    { path: '/contacts/:enrolment(\\d+)', component: () => import('./desk/EnrolmentPage.vue'), props: (r) => ({ kind: 'contacts', enrolment: r.params.enrolment }) },
    { path: '/people', component: () => import('./desk/People.vue') },
    { path: '/people/:person', component: () => import('./desk/PersonPage.vue'), props: true },
    { path: '/orders/:measure(\\d+)?', component: () => import('./desk/Orders.vue'), props: true },
    { path: '/orders/:measure(\\d+)/print', component: () => import('./desk/OrderPrint.vue'), props: true },
    { path: '/protocol', component: () => import('./protocol/Protocol.vue') },
    { path: '/mine', component: () => import('./resident/Mine.vue') },
    { path: '/places', component: () => import('./places/Places.vue') },
    { path: '/places/:place', component: () => import('./places/Places.vue'), props: true },
    { path: '/accounts', component: () => import('./admin/Accounts.vue') },
    { path: '/audit', component: () => import('./admin/Audit.vue') },
    { path: '/held', component: () => import('./admin/Held.vue') },
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
