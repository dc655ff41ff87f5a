// The graph of an outbreak of 5,000 cases and 19,000 contacts in Chromium without a graphics card: until the first picture
// stands, and how many pictures a second follow while it is moved. `node tests/bench/chains.mjs` prints it; figures are only
// worth something on a machine that does nothing else.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openContext, openPage, shots, startBrowser } from '../e2e/harness.mjs'
import { asPerson, serveStore, somebody, tongzhou } from './store.mjs'

const cases = 5000
const perCase = 5.4 // about 19,000 who are no cases, beside those who become one
const goals = { firstMs: 2000, perSecond: 30 }

/** Identifiers in order of time, from a number (UUID version 7). */
const uid = (n, kind) => `01820000-${n.toString(16).padStart(4, '0').slice(-4)}-7${kind}00-8000-${n.toString(16).padStart(12, '0')}`
const rowsOf = (file) => {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((l) => Object.fromEntries(l.split(',').map((v, i) => [names[i], v])))
}
const utc = (text) => new Date(`${text.replace(' ', 'T')}:00+08:00`).toISOString().replace('.000', '')

/** The invented outbreak as people and facts, as `tongzhou import` reads them. */
function write(folder) {
  tongzhou('generate', 'outbreak', '--seed', '7', '--cases', String(cases), '--contacts-per-case', String(perCase), '--out', folder, '--force')
  const line = rowsOf(join(folder, 'linelist.csv'))
  const met = rowsOf(join(folder, 'contacts.csv'))
  const number = new Map()
  const people = ['uid,name,sex']
  const person = (id, sex) => {
    if (number.has(id)) return uid(number.get(id), 1)
    number.set(id, number.size + 1)
    people.push(`${uid(number.size, 1)},${id},${sex}`)
    return uid(number.size, 1)
  }
  const facts = ['uid,subject,kind,happened,until,known,link,word,value']
  let n = 0
  for (const c of line) {
    const who = person(c.id, c.sex)
    if (c.onset) facts.push(`${uid(++n, 2)},${who},symptom,${utc(c.onset.length > 10 ? c.onset : c.onset + ' 08:00')},,${utc(c.reported_at)},,,`)
    facts.push(`${uid(++n, 2)},${who},classified,${utc(c.reported_at)},,${utc(c.reported_at)},,${c.class === 'asymptomatic' ? 'asymptomatic' : 'confirmed'},`)
  }
  for (const m of met) {
    const minutes = Math.round((Date.parse(utc(m.last_contact)) - Date.parse(utc(m.first_contact))) / 60_000)
    facts.push(`${uid(++n, 2)},${person(m.case_id, m.sex)},contact_named,${utc(m.named_at)},${utc(m.last_contact)},${utc(m.named_at)},${person(m.contact_id, m.sex)},household,${minutes}`)
  }
  writeFileSync(join(folder, 'people.csv'), people.join('\r\n') + '\r\n')
  writeFileSync(join(folder, 'facts.csv'), facts.join('\r\n') + '\r\n')
  return { people: people.length - 1, facts: facts.length - 1 }
}

/** Pictures a second while the mouse moves the graph for two seconds, and the longest pause between two of them. */
async function moved(page, box, action) {
  await page.evaluate(() => {
    const f = (window.seen = { times: [] })
    const tick = (t) => (f.times.push(t), (f.id = requestAnimationFrame(tick)))
    f.id = requestAnimationFrame(tick)
  })
  const end = performance.now() + 2000
  for (let i = 0; performance.now() < end; i++) await action(i, box)
  return page.evaluate(() => {
    cancelAnimationFrame(window.seen.id)
    const t = window.seen.times
    let longest = 0
    for (let i = 1; i < t.length; i++) longest = Math.max(longest, t[i] - t[i - 1])
    return { perSecond: (1000 * (t.length - 1)) / (t.at(-1) - t[0]), longest }
  })
}

const given = process.env.CHAINS_STORE // a store made before, or where to leave it
const folder = mkdtempSync(join(tmpdir(), 'tongzhou-chains-'))
const store = given ?? join(folder, 'chains.db')
let failed = false
const line = (what, value, unit, goal, good) => {
  failed ||= !good
  console.log(`${what.padEnd(58)} ${value.padStart(9)} ${unit.padEnd(3)} goal ${goal}: ${good ? 'reached' : 'MISSED'}`)
}
let server, browser
try {
  if (!given || !existsSync(given)) {
    const out = join(folder, 'out')
    mkdirSync(out)
    const sums = write(out)
    const began = performance.now()
    for (const table of ['people', 'facts']) tongzhou('import', 'tongzhou', join(out, `${table}.csv`), '--table', table, '--store', store, '--protocol', 'covid19-cn-9', '--no-duplicates')
    console.log(`store: ${sums.people} people, ${sums.facts} facts, in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
  server = await serveStore(store)
  const person = await somebody(server, 'case_investigator')
  browser = await startBrowser()
  const firsts = []
  for (const mode of ['time', 'tree']) {
    const context = await openContext(browser, server, { size: 'desk', lang: mode === 'time' ? 'zh' : 'en' })
    await asPerson(context, person)
    const page = await openPage(context)
    await page.goto('/nothing')
    await page.waitForTimeout(1500)
    // From the tap on the menu to the picture: data, layout in the worker, drawing.
    await page.evaluate(() => {
      window.drawn = new Promise((done) => new PerformanceObserver((l) => l.getEntriesByName('chains-drawn').length && requestAnimationFrame(() => requestAnimationFrame(done))).observe({ type: 'mark' }))
    })
    const began = performance.now()
    await page.locator('a[href="/chains"]').first().click()
    await page.evaluate(() => window.drawn)
    firsts.push(performance.now() - began)
    if (mode === 'tree') {
      await page.locator('input[value="tree"]').check()
      await page.waitForTimeout(1500)
    }
    const said = await page.locator('[role="status"]').first().innerText()
    console.log(`  ${mode}: ${said.trim()}`)
    const box = await page.locator('canvas').boundingBox()
    await page.screenshot({ path: join(shots, `bench-chains-${mode}-all.png`) })
    const centre = [box.x + box.width / 2, box.y + box.height / 2]
    const drag = async (i) => page.mouse.move(centre[0] + 240 * Math.sin(i / 9), centre[1] + 120 * Math.cos(i / 7))
    await page.mouse.move(...centre)
    await page.locator('canvas').press('0')
    const empty = [box.x + box.width - 6, box.y + box.height - 80]
    await page.mouse.move(...empty)
    await page.mouse.down()
    const pan = await moved(page, box, drag)
    await page.mouse.up()
    const zoom = await moved(page, box, (i) => page.mouse.wheel(0, i % 40 < 20 ? -60 : 60))
    await page.screenshot({ path: join(shots, `bench-chains-${mode}-near.png`) })
    for (const [what, f] of [['moved, the whole in sight', pan], ['zoomed in and out', zoom]])
      line(`${mode}: ${what} (longest pause ${f.longest.toFixed(0)} ms)`, f.perSecond.toFixed(0), '/s', goals.perSecond, f.perSecond >= goals.perSecond)
    if (page.faults.length) throw new Error(page.faults.join('\n'))
    await context.close()
  }
  for (const [i, ms] of firsts.entries()) line(`first picture, ${i === 0 ? 'the code not yet there' : 'again, another browser'}`, ms.toFixed(0), 'ms', goals.firstMs, ms < goals.firstMs)
} finally {
  await browser?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
