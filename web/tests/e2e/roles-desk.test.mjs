// The work of those at a desk that no other file tries: objections with their clock, hand-overs, chains, audit, second persons,
// and a resident with their own page. Which job is done where stands in roles-table.test.mjs.
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
const ways = [['zh', 'phone'], ['en', 'desk']]
const limit = { timeout: 120_000 }
async function as(login, options, work, expected) {
  const context = await openContext(browser, server, { login, ...options })
  try {
    await work(context, await openPage(context, expected))
  } finally {
    await context.close()
  }
}
const uid = () => `01990000-0000-7000-8000-${Math.floor(Math.random() * 2 ** 47).toString(16).padStart(12, '0')}`
async function send(context, method, path, body) {
  const answer = await context.request.fetch(`/api/v1${path}`, { method, data: body, headers: { Origin: context.origin } })
  assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}

const objectable = async (context) => {
  const all = (await api(context, '/measures?state=in_force&limit=100')).items
  for (const m of all) {
    const d = await api(context, `/measures/${m.measure}`)
    if (d.objection?.to && d.subject.kind === 'person' && !(await api(context, '/objections?limit=100')).items.some((o) => o.measure === m.measure)) return d
  }
  return null
}
for (const [round, [lang, size]] of ways.entries())
  test(`an objection is taken down, and decided within its time (${lang}, ${size})`, limit, async (t) => {
    let measure, objection
    await as('health_officer.1', { lang, size }, async (context, page) => {
      measure = await objectable(context)
      assert.ok(measure, 'a measure is in force against which somebody may object')
      await page.goto(`/orders/${measure.measure}`)
      const h = hand(page)
      const button = page.locator('dialog footer button', { hasText: lang === 'zh' ? '登记异议' : 'Take down an objection' })
      await h.tap(button)
      await page.locator('#reason').fill('家中有幼儿 small children at home')
      assert.deepEqual(await judge(page, lang), [])
      await h.tap(button)
      await page.locator('dialog .notice.well').waitFor()
      console.log(`an objection taken down (${lang}, ${size}): ${h.taps} taps`)
      objection = (await api(context, '/objections?limit=100')).items.find((o) => o.measure === measure.measure)
      assert.equal(objection?.decided, null)
    })
    let decider = ''
    for (const login of ['appeals.1', 'court.1', 'health_officer.2', 'commander.1'])
      if (!decider) await as(login, {}, async (context) => void ((await api(context, `/objections/${objection.objection}`)).may_decide && (decider = login)))
    assert.ok(decider, 'somebody decides')
    await as(decider, { lang, size }, async (context, page) => {
      await page.goto('/objections')
      const row = page.locator('tbody tr').first()
      await row.waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `objections-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await page.goto(`/objections/${objection.objection}`)
      await page.locator('dialog dl').waitFor()
      assert.match(await page.locator('dialog').innerText(), /small children at home/)
      await page.locator('dialog footer button.main').click()
      await page.locator('dialog [role="alert"]').waitFor() // no decision without its reasons
      await page.locator('#ob-answer').fill('居家条件符合 the home is fit')
      await page.screenshot({ path: join(shots, `objection-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('dialog footer button', { hasText: round === 0 ? '异议成立' : 'Do not uphold' }).click()
      await page.locator('dialog .notice.well').waitFor()
      const after = await api(context, `/objections/${objection.objection}`)
      assert.equal(after.upheld, round === 0)
      assert.notEqual(after.decided, null)
    })
    await as('health_officer.1', {}, async (context) => {
      const { word } = (await api(context, `/measures/${measure.measure}`)).state
      assert.equal(word === 'in_force', round === 1, `${word}: upheld it ends, otherwise it goes on`)
    })
    t.diagnostic(`${lang} ${size}`)
  })

for (const [lang, size] of ways)
  test(`a hand-over is acknowledged and accepted (${lang}, ${size})`, limit, async () => {
    await as('health_officer.1', { lang, size }, async (context, page) => {
      const waiting = new Set((await api(context, '/hand-overs?state=all&limit=100')).items.map((i) => i.person?.uid))
      const person = (await api(context, '/contacts?limit=50&state=open')).items.map((i) => i.subject).find((s) => !waiting.has(s.uid))
      await send(context, 'PUT', `/people/${person.uid}/hand-over`, { uid: uid(), note: 'to the neighbouring district 转邻区' })
      await page.goto('/hand-overs')
      const row = page.locator('tbody tr', { hasText: person.name }).first()
      await row.waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `hand-overs-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await row.click()
      await page.locator('dialog footer button').first().click()
      await page.locator('dialog .notice.well').waitFor()
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('dialog footer button.main').click()
      await page.locator('dialog footer').waitFor({ state: 'detached' })
      const item = (await api(context, '/hand-overs?state=all&limit=100')).items.find((i) => i.person?.uid === person.uid)
      assert.ok(item.acknowledged && item.accepted)
    })
  })

for (const [lang, size] of ways)
  test(`the chains as a time line and as trees, by date, moved, and a case opened from them (${lang}, ${size})`, limit, async () => {
    await as('epidemiologist.1', { lang, size }, async (context, page) => {
      await page.goto('/chains')
      const canvas = page.locator('canvas')
      const sums = page.locator('.chains > [role="status"]')
      for (let i = 0; i < 100 && !/[1-9]/.test(await sums.innerText()); i++) await page.waitForTimeout(100)
      const picture = () => canvas.evaluate((c) => c.toDataURL().length + c.toDataURL().slice(-4000))
      await page.waitForTimeout(400)
      const all = await picture()
      await page.locator('input[value="tree"]').check({ force: true })
      await page.waitForTimeout(700)
      const trees = await picture()
      assert.notEqual(trees, all, 'the trees are another picture')
      await page.screenshot({ path: join(shots, `chains-tree-${lang}-${size}.png`) })
      const dates = page.locator('input[type="date"]')
      await dates.nth(0).fill('2020-01-01')
      await dates.nth(1).fill('2020-01-02')
      await page.waitForTimeout(400)
      assert.notEqual(await picture(), trees, 'nobody of that time: the picture is empty')
      await dates.nth(0).fill('')
      await dates.nth(1).fill('')
      await page.waitForTimeout(400)
      const box = await canvas.boundingBox()
      await page.mouse.move(box.x + 20, box.y + box.height - 120)
      await page.mouse.down()
      await page.mouse.move(box.x + 90, box.y + box.height - 160, { steps: 4 })
      await page.mouse.up()
      await page.waitForTimeout(200)
      assert.notEqual(await picture(), trees, 'it was moved')
      // Back to the whole time line, in which the first case of the first chain stands in the first row.
      await page.locator('input[value="time"]').check({ force: true })
      await page.waitForTimeout(700)
      await canvas.press('0')
      await page.waitForTimeout(200)
      for (let x = 4; x < box.width && !(await page.locator('.about').count()); x += 7) await page.mouse.click(box.x + x, box.y + 40)
      assert.ok(await page.locator('.about').count(), 'a tap on a dot shows it')
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('.about a').click()
      await page.waitForURL(/\/(cases|contacts)\/\d+$/)
      await page.locator('h1').first().waitFor()
    })
  })

for (const [lang, size] of ways)
  test(`who did and saw what: the audit (${lang}, ${size})`, limit, async () => {
    let looked
    await as('health_officer.4', {}, async (context) => {
      looked = (await api(context, '/people?limit=1')).items[0].person
      await api(context, `/people/${looked.uid}/story`)
    })
    await as('auditor.1', { lang, size }, async (context, page) => {
      await page.goto('/audit')
      await page.locator('tbody tr').first().waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `audit-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('.tabs button').nth(1).click()
      await page.locator('.tools input').fill(looked.uid)
      await page.locator('.tools button').click()
      await page.locator('tbody tr').first().waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `audit-looks-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      assert.doesNotMatch(await page.locator('main').innerText(), new RegExp(looked.name), 'an auditor sees no names of those looked at')
      await page.locator('.tabs button').nth(2).click()
      await settle(page)
      assert.deepEqual(await judge(page, lang), [])
    })
  })

for (const [lang, size] of ways)
  test(`what waits for a second person (${lang}, ${size})`, limit, async () => {
    // More people at once than one account may restrict alone (five an hour).
    await as(lang === 'zh' ? 'health_officer.5' : 'health_officer.6', {}, async (context) => {
      const now = (await api(context, '/about')).now
      const people = (await api(context, '/people?limit=60&sort=born')).items.map((i) => i.person).slice(lang === 'zh' ? 0 : 30).slice(0, 9)
      const facts = people.map((p) => ({ uid: uid(), subject: p.uid, kind: 'classified', word: 'confirmed', happened: now }))
      await send(context, 'PUT', '/facts', { facts })
    })
    await as('health_officer.3', { lang, size }, async (context, page) => {
      const held = (await api(context, '/held')).items
      await page.goto('/held')
      if (held.length) await page.locator('article').first().waitFor()
      await settle(page)
      for (const d of await page.locator('article > details').all()) await d.locator('summary').first().click()
      await settle(page)
      await page.screenshot({ path: join(shots, `held-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      console.log(`waiting for a second person (${lang}, ${size}): ${held.length}`)
      assert.ok(held.length > 0, 'something waits')
      await page.locator('article button.main').first().click()
      await page.locator('.notice').first().waitFor()
      const left = (await api(context, '/held')).items
      assert.equal(left.length, held.length - 1, 'confirmed, it waits no more')
    })
  })

for (const [lang, size] of ways)
  test(`a resident sees their status, why, until when, results, and who looked (${lang}, ${size})`, limit, async () => {
    // Somebody in quarantine is given an account of their own at the desk, and chooses a password.
    let person, account
    await as('health_officer.2', {}, async (context) => {
      const own = (await api(context, '/measures?state=in_force&limit=100')).items.filter((m) => m.subject.kind === 'person')
      person = own.filter((m, i) => own.findIndex((o) => o.subject.uid === m.subject.uid) === i).at(lang === 'zh' ? 0 : 1).subject
      await api(context, `/people/${person.uid}/story`)
      account = await send(context, 'POST', `/people/${person.uid}/account`)
    })
    await as(null, { lang, size }, async (context, page) => {
      await send(context, 'POST', '/session', { login: account.login, password: account.password })
      await send(context, 'POST', '/me/password', { old: account.password, password: 'a password of my own 7' })
      await page.goto('/mine')
      await page.locator('.code .label').waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `mine-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
      const status = await (await context.request.get('/api/v1/me/status', { headers: { 'Accept-Language': lang } })).json()
      const text = (await page.locator('main').innerText()).toLowerCase()
      for (const m of status.measures) {
        assert.ok(text.includes(m.why.toLowerCase()), `the reason "${m.why}" in ${text}`)
        assert.doesNotMatch(m.why, /\w+\.\w+\.|\[\d+\]|pathways|stages\b/, 'in words, no path of a file')
      }
      const looks = (await api(context, '/me/looks?limit=5')).items
      for (const l of looks.slice(0, 3)) assert.ok(text.includes(l.name.toLowerCase()), 'who looked')
      const one = status.measures.find((m) => m.objection?.to)
      console.log(`a resident (${lang}, ${size}): ${status.measures.length} measures, ${looks.length} looks`)
      assert.ok(one && looks.length > 0, 'a measure they may object to, and the look at their record')
      const h = hand(page)
      await h.tap(page.locator('.object button').first())
      await page.locator('#mi-reason').fill('家中老人需要照顾 an elder needs care')
      assert.deepEqual(await judge(page, lang), [])
      await h.tap(page.locator('dialog footer button.main'))
      await page.locator('.notice.well').first().waitFor()
      const made = (await api(context, '/me/objections')).items.find((o) => o.measure === one.id)
      assert.ok(made && made.deadline, 'with a clock')
      console.log(`a resident objects (${lang}, ${size}): ${h.taps} taps`)
      await settle(page)
      await page.screenshot({ path: join(shots, `mine-objected-${lang}-${size}.png`), fullPage: true })
    })
  })
