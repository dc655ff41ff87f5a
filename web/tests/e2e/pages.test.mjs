// Every page, at both sizes and in both languages: no fault on the console, nothing that does not fit, every word there,
// usable with a screen reader, and standing still while it loads. Leaves a picture of each.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { join } from 'node:path'
import { api, judge, locales, openContext, openPage, settle, shots, sizes, startBrowser, startServer } from './harness.mjs'

let server, browser
const of = {} // what the pages of one thing show
let worker

before(async () => {
  server = await startServer()
  browser = await startBrowser()
  const desk = await openContext(browser, server, { login: 'health_officer.1' })
  of.case = (await api(desk, '/cases?limit=1&state=all')).items[0].enrolment
  const contacts = (await api(desk, '/contacts?limit=50&state=all')).items
  of.contact = contacts[0].enrolment
  of.person = contacts[0].subject.uid
  of.order = (await api(desk, '/measures?limit=50&state=proposed')).items.find((m) => m.may_sign).measure
  await desk.close()
  for (const login of ['follow_up_worker.c1.1', 'quarantine_site.1']) {
    const field = await openContext(browser, server, { login })
    const check = (await api(field, '/tasks?whose=role&limit=100')).items.find((t) => t.verb.word === 'check')
    await field.close()
    if (check) Object.assign(of, { task: check.task, worker: login })
  }
  worker = of.worker
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const table = [
  { name: 'sign-in', path: () => '/sign-in', ready: '.role' },
  { name: 'tasks', as: () => worker, path: () => '/tasks', ready: '.task' },
  { name: 'task', as: () => worker, path: () => `/tasks/${of.task}`, ready: 'form .choice' },
  { name: 'command', as: () => 'commander.1', path: () => '/command', ready: '.five', still: 800 },
  { name: 'orders', as: () => 'health_officer.1', path: () => '/orders', ready: 'tbody tr' },
  { name: 'order', as: () => 'health_officer.1', path: () => `/orders/${of.order}`, ready: 'dialog dl' },
  { name: 'order-print', as: () => 'health_officer.1', path: () => `/orders/${of.order}/print`, ready: 'article dl' },
  { name: 'cases', as: () => 'health_officer.1', path: () => '/cases', ready: 'tbody tr' },
  { name: 'case', as: () => 'health_officer.1', path: () => `/cases/${of.case}`, ready: 'ol li time' },
  { name: 'contacts', as: () => 'health_officer.1', path: () => '/contacts', ready: 'tbody tr' },
  { name: 'contact', as: () => 'health_officer.1', path: () => `/contacts/${of.contact}`, ready: 'ol li time' },
  { name: 'people', as: () => 'health_officer.1', path: () => '/people', ready: 'tbody tr' },
  { name: 'person', as: () => 'health_officer.1', path: () => `/people/${of.person}`, ready: 'ol li time' },
  { name: 'objections', as: () => 'appeals.1', path: () => '/objections', ready: '.list' },
  { name: 'hand-overs', as: () => 'health_officer.1', path: () => '/hand-overs', ready: '.list' },
  { name: 'audit', as: () => 'auditor.1', path: () => '/audit', ready: 'tbody tr' },
  { name: 'held', as: () => 'health_officer.1', path: () => '/held', ready: 'h1' },
  { name: 'mine', as: () => 'resident.1', path: () => '/mine', ready: '.code .label' },
  { name: 'chains', as: () => 'epidemiologist.1', path: () => '/chains', ready: '.legend', still: 800 },
]

for (const lang of Object.keys(locales))
  for (const size of Object.keys(sizes))
    for (const row of table)
      test(`${row.name}, ${lang}, ${size}`, { timeout: 120_000 }, async () => {
        const context = await openContext(browser, server, { size, lang, login: row.as?.() })
        try {
          const page = await openPage(context)
          await page.goto(row.path())
          await page.locator(row.ready).first().waitFor({ timeout: 20_000 }).catch((e) => page.faults.push(`it does not come up: ${e.message.split('\n')[0]}`))
          await settle(page)
          if (row.still) await page.waitForTimeout(row.still)
          await page.screenshot({ path: join(shots, `${row.name}-${lang}-${size}.png`) })
          assert.deepEqual(await judge(page, lang), [])
        } finally {
          await context.close()
        }
      })

for (const name of ['tasks', 'command', 'orders'])
  test(`${name}, in the dark`, { timeout: 120_000 }, async () => {
    const row = table.find((r) => r.name === name)
    const context = await openContext(browser, server, { size: name === 'tasks' ? 'phone' : 'desk', lang: 'zh', login: row.as() })
    try {
      const page = await openPage(context)
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.goto(row.path())
      await page.locator(row.ready).first().waitFor()
      await settle(page)
      await page.waitForTimeout(row.still ?? 0)
      await page.screenshot({ path: join(shots, `${name}-dark.png`) })
      assert.deepEqual(await judge(page, 'zh'), [])
    } finally {
      await context.close()
    }
  })
