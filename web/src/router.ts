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
    { path: '/cases/new', component: () => import('./cases/CaseForm.vue') },
    { path: '/cases/:enrolment(\\d+)/complete', component: () => import('./cases/CaseForm.vue'), props: true },
    { path: '/cases/:enrolment(\\d+)/contacts/new', component: () => import('./cases/ContactForm.vue'), props: true },
    { path: '/people/:person/case', component: () => import('./cases/CaseForm.vue'), props: true },
    { path: '/line-list', component: () => import('./cases/LineList.vue') },
    { path: '/samples', component: () => import('./cases/Samples.vue') },
    { path: '/follow-up', component: () => import('./cases/FollowUp.vue') },
    { path: '/people', component: () => import('./desk/People.vue') },
    { path: '/people/:person', component: () => import('./desk/PersonPage.vue'), props: true },
    { path: '/orders/:measure(\\d+)?', component: () => import('./desk/Orders.vue'), props: true },
    { path: '/orders/:measure(\\d+)/print', component: () => import('./desk/OrderPrint.vue'), props: true },
    { path: '/objections/:objection(\\d+)?', component: () => import('./decide/Objections.vue'), props: true },
    { path: '/hand-overs', component: () => import('./decide/HandOvers.vue') },
    { path: '/protocol', component: () => import('./protocol/Protocol.vue') },
    { path: '/mine', component: () => import('./resident/Mine.vue') },
    { path: '/places', component: () => import('./places/Places.vue') },
    { path: '/places/:place', component: () => import('./places/Places.vue'), props: true },
    { path: '/imports', component: () => import('./imports/Imports.vue') },
    { path: '/imports/:uid', component: () => import('./imports/ImportPage.vue'), props: true },
    { path: '/duplicates', component: () => import('./duplicates/Duplicates.vue') },
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

// A newer build has taken the place of the chunks this page was made with: it is opened anew, once.
router.onError((e: Error, to) => {
  if (!navigator.onLine || !/dynamically imported module|module script|preload CSS/i.test(e.message) || sessionStorage.getItem('anew') === to.fullPath) return
  sessionStorage.setItem('anew', to.fullPath)
  location.assign(to.fullPath)
})
router.afterEach(() => sessionStorage.removeItem('anew'))
