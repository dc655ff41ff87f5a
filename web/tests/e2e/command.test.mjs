// The command page, the tour and the demo's clock, places, protocol and accounts: done in the browser to the end, and looked
// up afterwards at the server.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { api, judge, openContext, openPage, settle, shots, startBrowser, startServer } from './harness.mjs'

const limit = { timeout: 240_000 }
let server, browser
before(async () => {
  server = await startServer()
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  if (/Assertion|demo_failed/.test(server?.said() ?? '')) console.log(server.said())
  await server?.stop()
})
async function withPage(options, work, expected = []) {
  const context = await openContext(browser, server, options)
  try {
    const page = await openPage(context, expected)
    await work(page, context)
    assert.deepEqual(page.faults, [])
  } finally {
    await context.close()
  }
}
async function until(what, why) {
  for (let i = 0; i < 100; i++) {
    if (await what()) return
    await new Promise((r) => setTimeout(r, 200))
  }
  assert.fail(`in vain: ${why}`)
}
const uidOf = (n) => `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
// Runs in the page: how many colours the map has; a blank one has one.
const coloursOf = () => {
  const c = document.querySelector('.map canvas')
  const data = c.getContext('2d').getImageData(0, 0, c.width, c.height).data
  const seen = new Set()
  for (let i = 0; i < data.length; i += 4 * 97) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`)
  return seen.size
}

for (const [lang, size, theme] of [['zh', 'desk', 'light'], ['en', 'phone', 'dark'], ['zh', 'phone', 'light'], ['en', 'desk', 'dark']])
  test(`the command page: numbers, map, alarms (${lang}, ${size}, ${theme})`, limit, async () => {
    await withPage({ lang, size, login: 'commander.1' }, async (page, context) => {
      await page.emulateMedia({ colorScheme: theme })
      await page.goto('/command')
      await page.locator('.five').waitFor()
      await settle(page)
      await page.waitForTimeout(800)
      const figures = await api(context, '/figures')
      assert.equal(Number(await page.locator('.five .big').first().innerText()), figures.decide.unlisted.cases)
      assert.ok((await page.evaluate(coloursOf)) > 2, 'the map is drawn')
      // An alarm runs, with its clock and its six steps.
      assert.ok(figures.alarms.length > 0, 'the demo has an alarm')
      assert.equal(await page.locator('.alarms > .alarm').count(), figures.alarms.length)
      assert.equal(await page.locator('.alarms > .alarm').first().locator('.steps li').count(), 6)
      const running = figures.alarms.find((a) => !a.ended)
      assert.ok(running, 'and it runs')
      assert.equal(running.minutes, 420, 'seven hours, by the protocol')
      assert.equal(Date.parse(running.lapses) - Date.parse(running.opened), 420 * 60_000)
      await page.screenshot({ path: join(shots, `command-full-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
      // Into a place, by the keyboard's way: the table. What is counted is then that place's.
      await page.locator('.link').first().focus()
      await page.keyboard.press('Enter')
      await page.locator('.crumbs').waitFor()
      await page.waitForURL(/place=/)
      const uid = new URL(page.url()).searchParams.get('place')
      await settle(page)
      await page.waitForTimeout(600)
      const inside = await api(context, `/figures?place=${uid}`)
      assert.equal(Number(await page.locator('.five .big').first().innerText()), inside.decide.unlisted.cases)
      assert.ok((await page.evaluate(coloursOf)) > 1)
      await page.screenshot({ path: join(shots, `command-place-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('.crumbs a').first().click()
      await page.locator('.crumbs').waitFor({ state: 'detached' })
      // Tasks of one kind by place.
      const tasks = page.locator('section', { has: page.locator('.chip') }).last()
      await tasks.locator('tbody .link').first().click()
      await tasks.locator('select').waitFor()
      const verb = await tasks.locator('select').inputValue()
      await page.waitForTimeout(800)
      const rows = (await api(context, `/figures?verb=${verb}`)).places.filter((p) => p.place && (p.tasks_open || p.tasks_done_today))
      assert.equal(await tasks.locator('tbody tr').count(), Math.min(20, rows.length))
      // Areas instead of the map.
      await page.locator('.map [aria-pressed="false"]').click()
      await page.waitForTimeout(400)
      assert.equal(await page.locator('.map .tree canvas').count(), 1)
      // How it is counted.
      await page.locator('details summary').last().click()
      assert.match(await page.locator('details').last().innerText(), /12/)
      assert.deepEqual(await judge(page, lang), [])
    }, [/willReadFrequently/]) // this test looks at the canvas; the page does not
  })

test('at 200 facts a second the page keeps up', limit, async () => {
  await withPage({ login: 'commander.1' }, async (page, context) => {
    const worker = await openContext(browser, server, { login: 'health_officer.1' })
    const contacts = (await api(worker, '/contacts?limit=200')).items.map((c) => c.subject.uid)
    assert.ok(contacts.length > 10)
    await page.goto('/command')
    await page.locator('.five').waitFor()
    await settle(page)
    await page.evaluate(() => {
      window.told = { frames: 0, longest: 0, numbers: 0 }
      const beat = () => {
        window.told.frames++
        requestAnimationFrame(beat)
      }
      requestAnimationFrame(beat)
      new PerformanceObserver((l) => {
        for (const e of l.getEntries()) window.told.longest = Math.max(window.told.longest, e.duration)
      }).observe({ type: 'longtask' })
      new MutationObserver(() => window.told.numbers++).observe(document.querySelector('.five'), { subtree: true, childList: true, characterData: true })
    })
    const seconds = 10
    const begun = Date.now()
    let sent = 0
    let taken = 0
    let serial = 0x7100000
    const now = Date.parse((await (await worker.request.get('/api/v1/about')).json()).now)
    while (Date.now() - begun < seconds * 1000) {
      const due = Math.floor(((Date.now() - begun) / 1000) * 200)
      if (due - sent >= 20) {
        const facts = Array.from({ length: 20 }, (_, i) => ({ uid: uidOf(serial++), subject: contacts[(sent + i) % contacts.length], kind: 'seen_well', happened: new Date(now).toISOString().replace(/\.\d+Z/, 'Z') }))
        const answer = await worker.request.put('/api/v1/facts', { data: { facts }, headers: { Origin: server.origin } })
        assert.ok(answer.ok(), `${answer.status()} ${(await answer.text()).slice(0, 300)}`)
        taken += (await answer.json()).taken
        sent += 20
      } else await new Promise((r) => setTimeout(r, 10))
    }
    const took = (Date.now() - begun) / 1000
    const told = await page.evaluate(() => window.told)
    const figures = await api(context, '/figures')
    const shown = page.locator('.five .big').nth(2)
    const ended = Date.now()
    await until(async () => (await shown.innerText()).startsWith(figures.decide.follow_up.seen_today.toLocaleString('en-GB')), 'the number on the page is the server’s')
    const late = Date.now() - ended
    await worker.close()
    console.log(`command page under load: ${(taken / took).toFixed(0)} facts/s taken (${taken} of ${sent} in ${took.toFixed(1)} s), ${(told.frames / took).toFixed(0)} frames/s, longest task ${told.longest.toFixed(0)} ms, numbers right ${late} ms after the last fact`)
    assert.ok(taken / took > 150, 'the load was there')
    assert.ok(told.frames / took > 20, `${told.frames / took} frames a second`)
    assert.ok(late < 5000)
  })
})

for (const [lang, size] of [['zh', 'desk'], ['en', 'phone']])
  test(`the tour: begun, walked by keys, left and resumed (${lang}, ${size})`, limit, async () => {
    await withPage({ lang, size }, async (page) => {
      await page.goto('/sign-in')
      await page.locator('.tour').click()
      const card = page.locator('[data-test="tour"]')
      await card.locator('.main:enabled').waitFor()
      await page.waitForURL(/\/command$/)
      const seen = []
      for (let i = 0; i < 10; i++) {
        await card.locator('.main:enabled').waitFor()
        await settle(page)
        const title = await card.locator('h2').innerText()
        assert.ok(!seen.includes(title), title)
        seen.push(title)
        assert.match(title, lang === 'zh' ? /[\u4e00-\u9fff]/ : /^[A-Z]/)
        await page.screenshot({ path: join(shots, `tour-${i + 1}-${lang}-${size}.png`) })
        assert.deepEqual((await judge(page, lang)).filter((f) => !/layout shifts/.test(f)), [], `step ${i + 1}`)
        if (i === 4) {
          // Left in the middle, and resumed from the bar of the clock.
          await page.keyboard.press('Escape')
          await card.waitFor({ state: 'detached' })
          const bar = page.locator('[data-test="demo"]')
          if (size === 'phone') await bar.locator('.time').click()
          await bar.locator('button', { hasText: lang === 'zh' ? '导览' : 'Tour' }).click()
          await card.locator('.main:enabled').waitFor()
          assert.equal(await card.locator('h2').innerText(), title, 'where it was left')
        }
        await page.keyboard.press('Alt+ArrowRight')
        if (i < 9) await until(async () => (await card.locator('h2').innerText()) !== title, 'the next step')
      }
      await card.waitFor({ state: 'detached' })
      assert.match(page.url(), /\/audit$/)
    })
  })

test('the clock of the demo: a step, and off and on', limit, async () => {
  await withPage({ login: 'commander.2' }, async (page, context) => {
    await page.goto('/command')
    await page.evaluate(() => sessionStorage.setItem('demo', 'yes'))
    await page.reload()
    const bar = page.locator('[data-test="demo"]')
    await bar.waitFor()
    const now = async () => Date.parse((await api(context, '/demo')).now)
    const before = await now()
    await bar.locator('button', { hasText: '+1 hour' }).click()
    await until(async () => (await now()) >= before + 3600_000, 'an hour passes')
    await bar.locator('.icon').click()
    await until(async () => (await api(context, '/demo')).speed === 3600 && !(await api(context, '/demo')).paused, 'it runs')
    const running = await now()
    await until(async () => (await now()) > running, 'time passes')
    await bar.locator('.icon').click()
    await until(async () => (await api(context, '/demo')).paused, 'it stands')
    await page.screenshot({ path: join(shots, 'demo-bar.png') })
  })
})

for (const [lang, size] of [['zh', 'phone'], ['en', 'desk']])
  test(`a place is put on the map and given a border (${lang}, ${size})`, limit, async () => {
    await withPage({ lang, size, login: 'health_officer.1' }, async (page, context) => {
      const community = (await api(context, '/places/shapes?kind=community')).items[0]
      await page.goto(`/places/${community.uid}`)
      await page.locator('.head .button').nth(1).click() // a new place in it
      await page.locator('#pl-name').fill(lang === 'zh' ? '试验广场' : 'Trial Square')
      const map = page.locator('[data-test="near"]')
      await map.waitFor()
      const box = await map.boundingBox()
      await map.click({ position: { x: box.width / 2, y: box.height / 2 } })
      assert.match(await page.locator('#pl-latitude').inputValue(), /^30\.\d+$/)
      await page.locator('.tools .button').first().click()
      for (const [x, y] of [[0.45, 0.45], [0.55, 0.45], [0.5, 0.58]]) await map.click({ position: { x: box.width * x, y: box.height * y } })
      await page.locator('.tools .button').first().click()
      await page.screenshot({ path: join(shots, `place-shape-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('dialog .button.main').click()
      await page.locator('dialog').waitFor({ state: 'detached' })
      const made = (await api(context, `/places?name=${encodeURIComponent(lang === 'zh' ? '试验广场' : 'Trial Square')}`)).items[0]
      const one = await api(context, `/places/${made.uid}`)
      assert.equal(JSON.parse(one.shape).coordinates[0].length, 4, 'three corners, and the first again')
      assert.ok(Math.abs(one.latitude - community.latitude) < 0.05)
    })
  })
