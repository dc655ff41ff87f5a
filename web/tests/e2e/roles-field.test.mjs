// The work of the field roles, each task done from the list by those it is addressed to; taps counted. Which job of the
// operations' list is done where stands in roles-table.test.mjs.
import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { join } from 'node:path'
import { api, hand, judge, openContext, openPage, settle, shots, startBrowser, startServer } from './harness.mjs'

let server, browser
before(async () => {
  server = await startServer()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
async function until(what, why) {
  for (let i = 0; i < 100; i++) {
    if (await what()) return
    await new Promise((r) => setTimeout(r, 150))
  }
  assert.fail(`in vain: ${why}`)
}
const choose = (page, value) => page.locator(`label.choice:has(input[value="${value}"])`)

// name, who, what the task asks for, what becomes of it, how (null: it is not asked), most taps, what is typed.
const work = [
  { name: 'a sampler takes a sample', login: 'sampler.c1.1', verb: 'sample', outcome: 'sampled', way: null, taps: 4 },
  { name: 'a community worker serves those at home', login: 'community_worker.c1.1', verb: 'support', outcome: 'done', way: 'face', taps: 4 },
  { name: 'a community worker informs and explains', login: 'community_worker.c1.1', verb: 'inform', outcome: 'done', way: 'phone', taps: 4 },
  { name: 'a driver takes somebody to the site', login: 'transport.s1.1', verb: 'transfer', outcome: 'done', way: 'face', taps: 4 },
  { name: 'logistics supplies the site', login: 'logistics.1', verb: 'support', outcome: 'done', way: 'phone', taps: 4 },
  { name: 'somebody refuses, and the alternative is written down', login: 'quarantine_site.1', verb: 'check', outcome: 'refused', way: 'face', taps: 4, note: 'self-test offered 已提供自测' },
  { name: 'somebody under observation falls ill', login: 'quarantine_site.1', verb: 'check', outcome: 'seen_ill', way: 'face', taps: 4, temperature: '382', note: 'cough 咳嗽' },
  { name: 'nobody opens the door', login: 'quarantine_site.1', verb: 'check', outcome: 'not_seen', way: 'face', taps: 4 },
  { name: 'a case investigator completes the investigation', login: 'case_investigator.s1.1', verb: 'investigate', outcome: 'done', way: 'phone', taps: 4 },
  { name: 'a disinfection team disinfects', login: 'disinfection_team.s1.1', verb: 'disinfect', outcome: 'done', way: 'face', taps: 4 },
]
const ways = [['zh', 'phone'], ['en', 'desk']]

for (const w of work)
  test(w.name, { timeout: 120_000 }, async (t) => {
    for (const [round, [lang, size]] of ways.entries()) {
      const context = await openContext(browser, server, { lang, size, login: w.login })
      try {
        const page = await openPage(context)
        const found = (await api(context, '/tasks?whose=role&limit=200')).items.filter((x) => x.verb.word === w.verb)
        assert.ok(found.length > 0, `${w.login} has a task to ${w.verb}`)
        const one = found[0]
        const last = found.length > 1 || round === ways.length - 1 // a single one is looked at first, and done the second time
        await page.goto('/tasks')
        const h = hand(page)
        await h.tap(page.locator(`a[href="/tasks/${one.task}"]`))
        await h.tap(choose(page, w.outcome))
        if (w.outcome === 'sampled' && (await page.locator('#specimen').inputValue()) === '') {
          h.taps++
          await page.locator('#specimen').selectOption({ index: 1 })
        }
        if (w.way) await h.tap(choose(page, w.way))
        else assert.equal(await page.locator('input[name="way"]').count(), 0, 'how is not asked where there is one way only')
        if (w.temperature) await h.type(page.locator('#temperature'), w.temperature)
        if (w.note) await page.locator('#note').fill(w.note)
        await settle(page)
        await page.screenshot({ path: join(shots, `role-${w.verb}-${w.outcome}-${lang}-${size}.png`) })
        assert.deepEqual(await judge(page, lang), [])
        if (!last) continue
        await h.tap(page.locator('form button.main'))
        await page.locator('section[role="status"] .notice.well').waitFor()
        await until(async () => (await page.locator('main > .notice').count()) === 0, 'it is sent')
        if (w.outcome === 'not_seen') assert.ok((await api(context, `/tasks/${one.task}`)) !== null)
        else await until(async () => (await api(context, `/tasks/${one.task}`)).closed !== null, `task ${one.task} is closed`)
        t.diagnostic(`${w.name} (${lang}, ${size}): ${h.taps} taps, ${h.digits} digits`)
        console.log(`${w.name} (${lang}, ${size}): ${h.taps} taps, ${h.digits} digits`)
        assert.ok(h.taps <= w.taps + (w.outcome === 'sampled' ? 1 : 0), `${h.taps} taps`)
      } finally {
        await context.close()
      }
    }
  })

test('a task is taken by one of the team, and given back', { timeout: 120_000 }, async () => {
  for (const [lang, size] of ways) {
    const context = await openContext(browser, server, { lang, size, login: 'quarantine_site.2' })
    const other = await openContext(browser, server, { login: 'quarantine_site.3' })
    try {
      const page = await openPage(context)
      const one = (await api(context, '/tasks?whose=role&limit=200')).items.find((x) => x.verb.word === 'check')
      const theirs = async () => (await api(other, '/tasks?whose=role&limit=200')).items.some((x) => x.task === one.task)
      await page.goto(`/tasks/${one.task}`)
      const button = page.locator('p.row button.plain')
      await button.click()
      await page.locator('p.row .tag').waitFor()
      assert.equal(await theirs(), false, 'the others have it on their list no more')
      assert.deepEqual(await judge(page, lang), [])
      await button.click()
      await page.locator('p.row .tag').waitFor({ state: 'detached' })
      assert.equal(await theirs(), true, 'and again when it is given back')
    } finally {
      await context.close()
      await other.close()
    }
  }
})

test('why, where in full, and until when stands on a task, and never who the case was', { timeout: 120_000 }, async () => {
  for (const [lang, size] of ways) {
    const context = await openContext(browser, server, { lang, size, login: 'quarantine_site.1' })
    try {
      const page = await openPage(context)
      const one = (await api(context, '/tasks?whose=role&limit=200')).items.find((x) => x.verb.word === 'check')
      await page.goto(`/tasks/${one.task}`)
      await page.locator('form .choice').first().waitFor()
      const text = await page.locator('main').innerText()
      const own = await (await context.request.get(`/api/v1/tasks/${one.task}`, { headers: { 'Accept-Language': lang } })).json()
      assert.ok(own.path.length >= 4 && own.path.every((p) => text.includes(p)), `the whole path: ${own.path}`)
      assert.ok(text.includes(own.why), 'the reason')
      assert.doesNotMatch(own.why, /\w+\.\w+|\[\d+\]|stages\b|pathways\b/, `in words, no path of a file: ${own.why}`)
    } finally {
      await context.close()
    }
  }
})
