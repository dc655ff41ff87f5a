// Files in, and two records of one person: done in the browser as a person does it, and looked up afterwards at the server.
// Every file of the other systems (../shared/formats) goes through the page, where that folder is there.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'
import { api, judge, openContext, openPage, settle, shots, startBrowser, startServer } from './harness.mjs'

const shared = process.env.TONGZHOU_SHARED ?? join(dirname(fileURLToPath(import.meta.url)), '../../../../shared')
const limit = { timeout: 240_000 }
const importer = 'health_officer.1'
let server, browser, folder

before(async () => {
  server = await startServer()
  browser = await startBrowser()
  folder = mkdtempSync(join(tmpdir(), 'tongzhou-import-'))
})
after(async () => {
  await browser?.close()
  if (/Assertion|demo_failed/.test(server?.said() ?? '')) console.log(server.said())
  await server?.stop()
  if (folder) rmSync(folder, { recursive: true })
})
async function withPage(options, work) {
  const context = await openContext(browser, server, { login: importer, ...options })
  try {
    const page = await openPage(context)
    await work(page, context)
    assert.deepEqual(page.faults, [])
  } finally {
    await context.close()
  }
}
/** Choose a file on the page and wait until it has been checked; the import as the server tells it. */
async function check(page, context, path) {
  await page.goto('/imports')
  await page.locator('.drop input[type=file]').setInputFiles(path)
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
  return done(page, context)
}
async function done(page, context) {
  const uid = page.url().split('/').at(-1)
  for (let i = 0; i < 600; i++) {
    const one = await api(context, `/imports/${uid}`)
    if (!['checking', 'recording', 'undoing'].includes(one.stage.word)) {
      await page.locator('.account').waitFor()
      await page.locator('progress').waitFor({ state: 'detached' })
      return one
    }
    await page.waitForTimeout(100)
  }
  assert.fail('it is never done')
}
const sums = (one) => assert.equal(one.rows.read, one.rows.taken + one.rows.same + one.rows.faulty, `every row is accounted for: ${JSON.stringify(one.rows)}`)
function file(name, text, encoding) {
  const path = join(folder, name)
  writeFileSync(path, text, encoding)
  return path
}

for (const [lang, size] of [['zh', 'phone'], ['en', 'desk']])
  test(`a list is checked, mapped, imported, undone (${lang}, ${size})`, limit, async () => {
    await withPage({ lang, size }, async (page, context) => {
      const mark = lang === 'zh' ? '甲' : '乙'
      const home = (await api(context, '/places/shapes?kind=community')).items[0].uid // whoever imports for a district says where they live
      const rows = [['一', '男', '1980-02-03', 1], ['二', '女', '31.12.1979', 2], ['三', '女', '2022-13-45', 3]].map(([n, sex, born, tel]) => `试${mark}${n};${sex};${born};x;+999 1000000${tel};${home}`)
      const path = file(`list-${lang}.csv`, ['姓名;性别;出生日期;住址区划;电话;现住场所', ...rows].join('\n') + '\n')
      const people = (await api(context, `/people?name=${encodeURIComponent('试' + mark)}&count=true`)).total
      const first = await check(page, context, path)
      assert.equal(first.stage.word, 'checked')
      sums(first)
      assert.equal((await api(context, `/people?name=${encodeURIComponent('试' + mark)}&count=true`)).total, people, 'a check records nothing')
      const columns = await api(context, `/imports/${first.uid}/columns`)
      assert.equal(columns.delimiter, 'semicolon')
      assert.equal(columns.columns.find((c) => c.header === '姓名').field, 'name')
      assert.deepEqual(columns.columns.find((c) => c.header === '性别').samples, ['男', '女'])
      // One column nobody knows: it is said to be left out, and the file is checked again.
      const unknown = page.locator('.column.unknown select')
      await unknown.first().waitFor()
      assert.equal(await unknown.count(), 1)
      await unknown.selectOption('ignore')
      await page.locator('section .end button.main').click()
      await page.locator('.column.unknown').waitFor({ state: 'detached' }) // it is being read again
      const second = await done(page, context)
      const slugs = (await api(context, `/imports/${second.uid}/faults?limit=100`)).items.map((f) => f.slug)
      assert.ok(!slugs.includes('columns-unknown'), 'what was left out on purpose is no warning')
      assert.equal(second.rows.faulty, 1, 'the impossible date')
      // The fault is told with its line, and comes back as a file.
      await page.locator('.fault', { hasText: '2022-13-45' }).or(page.locator('.fault .late')).first().waitFor()
      const csv = await (await context.request.get(`/api/v1/imports/${second.uid}/faults.csv`)).text()
      assert.match(csv, /tongzhou_line/)
      assert.match(csv, /2022-13-45/)
      // The mapping is kept under a name.
      await page.locator('.save input').fill(`list ${lang}`)
      await page.locator('.save button').click()
      await page.locator('.notice.well').waitFor()
      assert.ok((await api(context, '/mappings')).items.some((m) => m.name === `list ${lang}`))
      await settle(page)
      await page.screenshot({ path: join(shots, `import-check-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
      // Confirm.
      await page.locator('[data-act="confirm"]').click()
      await page.locator('[data-act="confirm"]').waitFor({ state: 'detached' })
      const recorded = await done(page, context)
      assert.equal(recorded.state.word, 'done')
      sums(recorded)
      assert.equal((await api(context, `/people?name=${encodeURIComponent('试' + mark)}&count=true`)).total, people + 2)
      await settle(page)
      await page.screenshot({ path: join(shots, `import-done-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
      // The same file again changes nothing.
      const again = await check(page, context, path)
      assert.equal(again.rows.taken, 0)
      // Undo, with what it would take first.
      await page.goto(`/imports/${recorded.uid}`)
      await page.locator('.button.stern').click()
      const list = await page.locator('dialog li').allInnerTexts()
      assert.match(list.join(' '), /2/, `two people would go: ${list}`)
      await page.screenshot({ path: join(shots, `import-undo-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('dialog .button.stern').click()
      await page.locator('dialog').waitFor({ state: 'detached' })
      const undone = await done(page, context)
      assert.equal(undone.state.word, 'undone')
      assert.equal(undone.undone.people, 2)
      assert.equal((await api(context, `/people?name=${encodeURIComponent('试' + mark)}&count=true`)).total, people)
      await page.goto('/imports')
      await page.locator('.line').first().waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `imports-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
    })
  })

test('an import can be given up, and what Excel saves in China is read', limit, async () => {
  await withPage({ lang: 'zh' }, async (page, context) => {
    // "姓名,性别\n试丙一,男\n" in GB18030.
    const bytes = Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xd0, 0xd4, 0xb1, 0xf0, 0x0d, 0x0a, 0xca, 0xd4, 0xb1, 0xfb, 0xd2, 0xbb, 0x2c, 0xc4, 0xd0, 0x0d, 0x0a])
    const one = await check(page, context, file('gb.csv', bytes))
    assert.equal((await api(context, `/imports/${one.uid}/columns`)).encoding.name, 'gb18030')
    await page.locator('[data-act="give-up"]').click()
    await page.locator('[data-act="confirm"]').waitFor({ state: 'detached' })
    const ended = await done(page, context)
    assert.equal(ended.state?.word, 'stopped')
    assert.equal((await api(context, '/people?name=%E8%AF%95%E4%B8%99&count=true')).total, 0)
  })
})

test('a spreadsheet is refused with the way out', limit, async () => {
  await withPage({ lang: 'en' }, async (page, context) => {
    await check(page, context, file('list.xlsx.csv', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 0, 0, 0x21, 0])))
    assert.match(await page.locator('.fault').first().innerText(), /CSV/)
  })
})

const files = []
for (const name of ['godata-trainingland', 'sormas', 'simplereport', 'dhis2']) {
  const path = join(shared, 'formats', name)
  if (existsSync(path)) for (const f of readdirSync(path).sort()) files.push({ system: name, path: join(path, f), bytes: statSync(join(path, f)).size })
}
test('every file of the other systems goes through the page', { ...limit, skip: files.length ? false : 'the shared folder is not there' }, async () => {
  await withPage({ lang: 'en' }, async (page, context) => {
    for (const f of files) {
      const name = f.path.split('/').at(-1)
      const one = await check(page, context, f.path)
      sums(one)
      const found = await api(context, `/imports/${one.uid}/columns`).catch(() => ({ readable: false }))
      console.log(`${name}: ${one.format}, ${found.table?.word ?? '-'}, ${found.encoding?.name ?? '-'}, ${one.rows.read} rows = ${one.rows.taken} + ${one.rows.same} + ${one.rows.faulty}, ${one.stage.word}${one.state ? ` ${one.state.word}` : ''}`)
      if (f.system === 'godata-trainingland' && !/teams|users/.test(name)) assert.equal(one.format, 'godata', name)
      if (f.system === 'sormas') assert.equal(one.format, 'sormas', name)
      if (f.system === 'simplereport' && !/missingHeaders/.test(name)) assert.equal(one.format, 'simplereport', name)
      if (one.state?.word === 'failed' || one.rows.faulty > 0) {
        await page.locator('.fault').first().waitFor()
        assert.ok((await page.locator('.fault').first().innerText()).length > 20, `${name} says what is wrong`)
      }
      if (/json$/.test(name)) assert.notEqual(one.stage.word, 'checked', `${name} is no list`)
    }
  })
})

for (const [lang, size] of [['zh', 'desk'], ['en', 'phone']])
  test(`two records are one person: merged after a look ahead, and parted again (${lang}, ${size})`, limit, async () => {
    await withPage({ lang, size }, async (page, context) => {
      const open = async () => (await api(context, '/duplicates?limit=100')).items
      const before = await open()
      assert.ok(before.length >= 3, 'the demo has duplicates')
      await page.goto('/duplicates')
      await page.locator('.compare').waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `duplicates-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
      if (size === 'desk') await page.keyboard.press('1')
      else await page.locator('.acts .main').first().click()
      await page.locator('dialog .button.main:enabled').waitFor()
      assert.equal((await open()).length, before.length, 'a look ahead decides nothing')
      await page.screenshot({ path: join(shots, `duplicates-merge-${lang}-${size}.png`) })
      assert.deepEqual(await judge(page, lang), [])
      if (size === 'desk') await page.keyboard.press('Enter')
      else await page.locator('dialog .button.main').click()
      await page.locator('.page > .notice.well').waitFor()
      const decided = (await api(context, '/duplicates?state=decided')).items[0]
      assert.equal(decided.pair, before[0].pair)
      assert.equal(decided.same, true)
      assert.equal(decided.kept, before[0].a.uid)
      const other = await api(context, `/people/${before[0].b.uid}`)
      assert.equal(other.merged_into.uid, before[0].a.uid, 'the one record speaks for the other')
      await page.locator('.page > .notice.well button').click() // take it back
      await page.locator('.compare').waitFor()
      for (let i = 0; i < 50 && (await open()).length !== before.length; i++) await page.waitForTimeout(100)
      assert.equal((await open()).length, before.length)
      assert.equal((await api(context, `/people/${before[0].b.uid}`)).merged_into, null, 'both stand as before')
      // Two persons, by one key; and taken back from the list of what was decided.
      if (size === 'desk') await page.keyboard.press('3')
      else await page.locator('.acts > .button:not(.main)').first().click()
      for (let i = 0; i < 50 && (await open()).length === before.length; i++) await page.waitForTimeout(100)
      await page.locator('.tabs button').nth(1).click()
      await page.locator('.done li').first().waitFor()
      await settle(page)
      await page.screenshot({ path: join(shots, `duplicates-decided-${lang}-${size}.png`), fullPage: true })
      assert.deepEqual(await judge(page, lang), [])
      await page.locator('.done .button').first().click()
      await page.locator('dialog .button.main').click()
      await page.locator('dialog').waitFor({ state: 'detached' })
      assert.equal((await open()).length, before.length)
    })
  })
