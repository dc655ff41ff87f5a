// My tasks on a cheap phone: how long until it can be used over a slow network; a day of work without one, sent afterwards
// through one that loses a third of what passes; and a phone that two people share.
import assert from 'node:assert/strict'
import { availableParallelism, loadavg } from 'node:os'
import test, { after, before } from 'node:test'
import { join } from 'node:path'
import { api, enter, openContext, openPage, settle, shots, startBrowser, startServer } from './harness.mjs'
import { startProxy } from './proxy.mjs'

const people = 8000
const workers = ['quarantine_site.1', 'quarantine_site.2', 'follow_up_worker.c1.1', 'follow_up_worker.c2.1']
let server, browser
let worker = ''
let checks = []
const noNetwork = [/ERR_(INTERNET_DISCONNECTED|CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|FAILED|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)/]
const conflicts = [/40[19] \((Unauthorized|Conflict)\)/]

before(async () => {
  server = await startServer(people)
  browser = await startBrowser()
  for (const login of workers) {
    const context = await openContext(browser, server, { login })
    const found = (await api(context, '/tasks?whose=role&limit=200')).items.filter((t) => t.verb.word === 'check')
    await context.close()
    if (found.length > checks.length) ((worker = login), (checks = found))
  }
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

async function until(what, why, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await what()) return
    await new Promise((r) => setTimeout(r, 150))
  }
  assert.fail(`in vain: ${why}`)
}
// These run in the page: what it keeps on the device.
const stored = ([name, keys]) =>
  new Promise((done) => {
    const r = indexedDB.open('tongzhou', 1)
    r.onsuccess = () => {
      const s = r.result.transaction(name).objectStore(name)
      const all = keys ? s.getAllKeys() : s.getAll()
      all.onsuccess = () => (r.result.close(), done(all.result))
    }
  })
/** The same from outside; a page that is just being opened anew is asked again. */
async function kept(page, what) {
  for (let i = 0; ; i++)
    try {
      return await page.evaluate(stored, what)
    } catch (e) {
      if (i === 20 || !/context was destroyed|navigation/i.test(e.message)) throw e
      await page.waitForTimeout(200)
    }
}
const choose = (page, value) => page.locator(`label.choice:has(input[value="${value}"])`)
/** The checks of a person with this temperature that stand at the server. */
async function checksOf(context, person, temperature) {
  const story = await api(context, `/people/${person}/story`)
  return story.facts.filter((f) => f.temperature === temperature && !f.withdrawn)
}
async function shellKept(page) {
  await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), 'the shell is kept on the device')
}

/** Everything the page's network brought, in bytes, until `ready`; and the milliseconds that took. */
async function visit(page, session, path, ready) {
  let bytes = 0
  const count = (e) => (bytes += e.encodedDataLength)
  session.on('Network.loadingFinished', count)
  const began = performance.now()
  await page.goto(path, { waitUntil: 'commit' })
  await page.locator(ready).first().waitFor({ timeout: 60_000 })
  const ms = performance.now() - began
  session.off('Network.loadingFinished', count)
  return { ms, bytes }
}

for (const [name, latency, asserted] of [
  ['400 kb/s, round trips of 400 ms', 400, true],
  ['400 kb/s, round trips of 2 s', 2000, false],
])
  test(`my tasks is usable soon on a slow phone (${name})`, { timeout: 120_000 }, async (t) => {
    const context = await openContext(browser, server, { size: 'phone', lang: 'zh', login: worker, worker: true })
    try {
      const page = await openPage(context)
      const session = await context.newCDPSession(page)
      await session.send('Network.enable')
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
      await session.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: 50_000, uploadThroughput: 50_000 })
      const first = await visit(page, session, '/tasks', '.task')
      await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), 'the shell is kept', 60)
      const again = []
      for (let i = 0; i < 3; i++) again.push(await visit(page, session, '/tasks', '.task'))
      const later = again.sort((a, b) => a.ms - b.ms)[1] // of three: other work on the machine is no fault of the page
      // The figures of a page that answers: a tap on the first task leads to its page.
      await page.locator('.task').first().click()
      await page.locator('form .choice').first().waitFor({ timeout: 30_000 })
      const said = `my tasks (CPU 4x slower, ${name}): first visit ${(first.ms / 1000).toFixed(2)} s, ${(first.bytes / 1000).toFixed(1)} kB; later ${(later.ms / 1000).toFixed(2)} s, ${(later.bytes / 1000).toFixed(1)} kB (goal: 8 s and 100 kB, 2 s)`
      console.log(said)
      t.diagnostic(said)
      assert.ok(first.bytes < 100_000, said)
      // Seconds are the page's own only on a machine that has a processor left for it.
      const crowded = loadavg()[0] > availableParallelism() * 2
      if (crowded) t.diagnostic('the machine is busy with other work: the seconds are printed, not held against the goal')
      else assert.ok(later.ms < 2_000 && (!asserted || first.ms < 8_000), said)
      assert.deepEqual(page.faults, [])
    } finally {
      await context.close()
    }
  })

test('a day of work without a network, then sent through one that loses a third: nothing lost, nothing twice', { timeout: 300_000 }, async (t) => {
  const wanted = Math.min(60, checks.length - 4)
  assert.ok(wanted >= 40, `the district has ${checks.length} checks to be done`)
  const proxy = await startProxy(server.origin, { seed: 20220701 })
  const context = await openContext(browser, { origin: proxy.origin }, { size: 'phone', lang: 'zh', login: worker, worker: true })
  const desk = await openContext(browser, server, { login: worker })
  try {
    let page = await openPage(context, noNetwork)
    await page.goto('/tasks')
    await page.locator('.task').first().waitFor()
    const listed = await page.locator('a.task').count()
    await shellKept(page)
    await until(async () => (await kept(page, ['kept', true])).filter((k) => String(k).startsWith('task-')).length >= Math.min(listed, 150), 'the pages of the day are on the device', 60)
    proxy.set('cut')
    await page.close()

    // The phone was switched off; it opens again without a network.
    page = await openPage(context, noNetwork)
    await page.goto('/tasks')
    await page.locator('.task').first().waitFor()
    const done = []
    const mine = new Set(checks.map((c) => c.task))
    const began = Date.now()
    while (done.length < wanted) {
      const path = done.length ? null : await page.locator('a.task').evaluateAll((all, own) => all.map((a) => a.getAttribute('href')).find((h) => own.includes(Number(h.split('/').pop()))), [...mine])
      if (path) await page.locator(`a.task[href="${path}"]`).click()
      await choose(page, 'seen_well').or(page.locator('form button.main')).first().waitFor()
      const task = Number(new URL(page.url()).pathname.split('/').pop())
      if (!mine.has(task)) {
        await page.goto(`/tasks/${checks.find((c) => !done.some((d) => d.task === c.task)).task}`)
        continue
      }
      await choose(page, 'seen_well').click()
      await page.locator('#temperature').fill('371')
      await choose(page, done.length % 2 ? 'phone' : 'face').click()
      await page.locator('form button.main').click()
      await page.locator('section[role="status"] .notice.well').waitFor()
      done.push({ task, way: done.length % 2 ? 'phone' : 'face' })
      if (done.length === Math.floor(wanted / 2)) {
        await page.close() // once more, in the middle of the day
        page = await openPage(context, noNetwork)
        await page.goto(`/tasks/${checks.find((c) => !done.some((d) => d.task === c.task)).task}`)
      } else if (done.length < wanted) await page.locator('section[role="status"] button.main').click()
    }
    await page.goto('/tasks')
    await page.locator('main > .notice').first().waitFor()
    await page.screenshot({ path: join(shots, 'job-offline-day-zh-phone.png') })
    assert.match(await page.locator('main > .notice').allInnerTexts().then((a) => a.join()), new RegExp(`${wanted}`), 'what waits is said')
    assert.equal((await kept(page, ['outbox', false])).length, wanted)
    for (const d of done.slice(0, 3)) assert.equal((await api(desk, `/tasks/${d.task}`)).closed, null, 'nothing was sent yet')
    const typed = Date.now()

    proxy.set('lossy')
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await until(async () => (await kept(page, ['outbox', false])).length === 0, 'the device has sent everything', 150)
    const sent = Date.now()
    proxy.set('open')
    const lost = proxy.state.lost
    console.log(`offline: ${wanted} checks in ${((typed - began) / 1000).toFixed(0)} s; sent in ${((sent - typed) / 1000).toFixed(0)} s, while ${lost.requests} requests and ${lost.answers} answers were lost of ${proxy.state.exchanges} exchanges`)
    t.diagnostic(`lost: ${JSON.stringify(lost)}`)
    assert.ok(lost.requests > 2 && lost.answers > 2, 'the network was bad, before and after the server had acted')
    for (const d of done) {
      const subject = checks.find((c) => c.task === d.task).subject.uid
      const own = done.filter((x) => checks.find((c) => c.task === x.task).subject.uid === subject)
      const there = await checksOf(desk, subject, 37.1)
      assert.equal(there.length, own.length, `task ${d.task}: once, and not twice`)
      assert.deepEqual(there.map((f) => f.word.word).sort(), own.map((x) => x.way).sort(), 'how it was done')
      assert.notEqual((await api(desk, `/tasks/${d.task}`)).closed, null, `task ${d.task} is closed`)
    }
    // Coming back online, the page opens again and shows what is left.
    await page.reload()
    await page.locator('h1').first().waitFor()
    await settle(page)
    assert.equal(await page.locator('main > .notice').count(), 0, 'nothing waits any more')
    const left = await page.locator('a.task').evaluateAll((all) => all.map((a) => Number(a.getAttribute('href').split('/').pop())))
    assert.ok(left.length > 0 && !left.some((n) => done.some((d) => d.task === n)))
    checks = checks.filter((c) => !done.some((d) => d.task === c.task))
    assert.deepEqual(page.faults, [])
  } finally {
    await context.close()
    await desk.close()
    await proxy.stop()
  }
})

test('what one person recorded on a shared phone is neither sent by the next nor lost', { timeout: 120_000 }, async () => {
  const proxy = await startProxy(server.origin)
  const context = await openContext(browser, { origin: proxy.origin }, { size: 'phone', lang: 'en', login: worker, worker: true })
  const desk = await openContext(browser, server, { login: worker })
  const next = 'community_worker.c1.1'
  try {
    const page = await openPage(context, [...noNetwork, ...conflicts])
    const [one, two] = checks.slice(0, 2)
    await page.goto('/tasks')
    await page.locator('.task').first().waitFor()
    await shellKept(page)
    // Without a network somebody records, signs out and hands the phone on.
    await page.goto(`/tasks/${one.task}`)
    await choose(page, 'not_seen').waitFor()
    proxy.set('cut')
    await choose(page, 'not_seen').click()
    await choose(page, 'face').click()
    await page.locator('#note').fill('nobody at home')
    await page.locator('form button.main').click()
    await page.locator('section[role="status"] .notice.well').waitFor()
    await page.locator('nav.bottom button').last().click()
    await page.locator('.more button').last().click()
    await page.waitForURL(/sign-in/, { timeout: 15_000 })
    assert.deepEqual(await kept(page, ['kept', true]), [], 'nothing to read stays behind')
    await page.reload()
    await page.locator('#login').waitFor()
    proxy.set('open')
    await page.reload() // the server learns that the first has signed out
    await page.locator('.role').first().waitFor()
    assert.equal((await (await context.request.get('/api/v1/session')).json()).state, 'nobody', 'the session ended with the network back')
    // The next one works on the same phone.
    await enter(context, next)
    await page.goto('/tasks')
    await page.locator('h1').first().waitFor()
    await settle(page)
    await page.waitForTimeout(1_500)
    assert.equal((await api(desk, `/people/${one.subject.uid}/story`)).facts.filter((f) => f.note === 'nobody at home').length, 0, 'not sent by another')
    assert.equal((await kept(page, ['outbox', false])).length, 1, 'and not lost')
    assert.equal(await page.locator(`a[href="/tasks/${one.task}"]`).count(), 0, 'the next one does not see the tasks of the first')

    // The first is back: it is sent, once, as theirs.
    await enter(context, worker)
    await page.goto('/tasks')
    await until(async () => (await kept(page, ['outbox', false])).length === 0, 'it is sent when its author is back')
    const facts = (await api(desk, `/people/${one.subject.uid}/story`)).facts.filter((f) => f.note === 'nobody at home')
    const me = await api(desk, '/me')
    assert.deepEqual(facts.map((f) => f.account), [me.id], 'once, and as theirs')

    // Another tab: somebody else signs in while the page of the first is still open, and they press save.
    await page.goto(`/tasks/${two.task}`)
    await choose(page, 'not_seen').click()
    await choose(page, 'face').click()
    await page.locator('#note').fill('rang twice')
    await enter(context, next)
    await page.locator('form button.main').click()
    await page.locator('section[role="status"] .notice.well').waitFor()
    await page.waitForTimeout(1_500)
    const rang = async () => (await api(desk, `/people/${two.subject.uid}/story`)).facts.filter((f) => f.note === 'rang twice')
    assert.equal((await rang()).length, 0, 'not in the name of whoever signed in since')
    assert.equal((await kept(page, ['outbox', false])).length, 1)
    await enter(context, worker)
    await page.goto('/tasks')
    await until(async () => (await rang()).length === 1, 'sent as its author again')
    assert.deepEqual((await rang()).map((f) => f.account), [me.id])
    assert.deepEqual(page.faults, [])
  } finally {
    await context.close()
    await desk.close()
    await proxy.stop()
  }
})
