// What the browser tests share: a server with the demonstration's district on a free port, a Chromium that is there already
// (nothing is downloaded), and the questions every page must answer.
import { chromium } from 'playwright-core'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
export const shots = process.env.TONGZHOU_SHOTS ?? join(root, 'build/shots')
const binary = process.env.TONGZHOU_BINARY ?? join(root, 'build/tongzhou')
const pages = process.env.TONGZHOU_WEB ?? join(root, 'web/dist')
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const axe = readFileSync(fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8')

export const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } }
export const locales = { zh: 'zh-CN', en: 'en-GB' }

function freePort() {
  return new Promise((done, fail) => {
    const s = createServer()
    s.once('error', fail)
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => done(port))
    })
  })
}

/** The district of 5,000 people, its clock standing still. */
export async function startServer(people = 5000) {
  for (const needed of [binary, join(pages, 'index.html')]) if (!existsSync(needed)) throw new Error(`missing: ${needed} (./dev build makes it)`)
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(binary, ['serve', '--demo', '--people', String(people), '--listen', `127.0.0.1:${port}`, '--web', pages, '--speed', '0', '--log', 'warn'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let ended = false
  child.stdout.on('data', (d) => (said += d))
  child.stderr.on('data', (d) => (said += d))
  const gone = new Promise((done) => child.once('exit', () => done((ended = true))))
  for (let i = 0; ; i++) {
    if (ended || i > 600) throw new Error(`the server does not start: ${said}`)
    const answer = await fetch(`${origin}/api/v1/about`).catch(() => null)
    if (answer?.ok) break
    await new Promise((r) => setTimeout(r, 100))
  }
  return {
    origin,
    said: () => said,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await gone
      clearTimeout(late)
    },
  }
}

export async function startBrowser() {
  if (!existsSync(browserPath)) throw new Error(`no browser at ${browserPath}; CHROMIUM may name another`)
  mkdirSync(shots, { recursive: true })
  return chromium.launch({ executablePath: browserPath, args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--lang=en'], ignoreDefaultArgs: ['--headless', '--headless=old'] })
}

/** A person at a screen: their own cookies, size and language; what goes wrong in the page is written down. */
export async function openContext(browser, server, { size = 'desk', lang = 'en', login = null, worker = false } = {}) {
  const context = await browser.newContext({ baseURL: server.origin, viewport: sizes[size], locale: locales[lang], hasTouch: size === 'phone', isMobile: size === 'phone', serviceWorkers: worker ? 'allow' : 'block', timezoneId: 'Asia/Shanghai' })
  context.setDefaultTimeout(20_000)
  context.origin = server.origin
  await context.addInitScript(() => {
    window.shifts = 0
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts += e.value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  if (login) await enter(context, login)
  return context
}
export async function enter(context, login) {
  const answer = await context.request.post('/api/v1/demo/enter', { data: { login }, headers: { Origin: context.origin } })
  if (!answer.ok()) throw new Error(`cannot enter as ${login}: ${answer.status()} ${await answer.text()}`)
}
/** The answer of the API for whoever is signed in in this context. */
export async function api(context, path) {
  const answer = await context.request.get(`/api/v1${path}`)
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}

export async function openPage(context, expected = []) {
  const page = await context.newPage()
  page.faults = []
  page.on('console', (m) => {
    const text = `${m.text()} ${m.location().url}`
    if (!['error', 'warning'].includes(m.type()) || /Service Worker registration blocked/.test(text) || expected.some((e) => e.test(text))) return
    page.faults.push(`console: ${text}`)
  })
  page.on('pageerror', (e) => page.faults.push(`fault in the page: ${e.message}`))
  return page
}

/** What is in sight has settled. */
export async function settle(page) {
  for (let i = 0; i < 100 && (await page.locator('[aria-busy="true"]').count()); i++) await page.waitForTimeout(100)
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(300)
}

/** Everything a page must not do, as a list of sentences; empty when all is well. */
export async function judge(page, lang) {
  const faults = [...page.faults]
  faults.push(...(await page.evaluate(look, lang)))
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const r = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
    return r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)
  })
  faults.push(...found.map((f) => `accessibility: ${f}`))
  const shifts = await page.evaluate(() => window.shifts)
  if (shifts > 0.1) faults.push(`the layout shifts: ${shifts.toFixed(3)}`)
  return faults
}

// Runs in the page.
function look(lang) {
  const faults = []
  const name = (e) => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') ?? ''}"> ${e.textContent.trim().slice(0, 60)}`
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden' && !e.closest('.visually-hidden, .skip') && !(e.closest('thead') && getComputedStyle(e.closest('thead')).clipPath !== 'none')
  const wide = document.scrollingElement
  if (wide.scrollWidth > wide.clientWidth) faults.push(`wider than the screen: ${wide.scrollWidth} > ${wide.clientWidth}`)
  for (const e of document.querySelectorAll('button, .button, .item, .choice, .tag')) {
    if (!seen(e) || e.clientWidth === 0) continue
    if (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) faults.push(`text does not fit: ${name(e)}`)
  }
  const inScroller = (e) => {
    for (let p = e.parentElement; p; p = p.parentElement) if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return true
    return false
  }
  for (const e of document.querySelectorAll('main *')) {
    if (e.children.length || !e.textContent.trim() || !seen(e) || inScroller(e)) continue
    const r = e.getBoundingClientRect()
    if (r.width > 1 && (r.right > innerWidth + 1 || r.left < -1)) faults.push(`outside the screen: ${name(e)}`)
  }
  const text = document.body.innerText
  const odd = text.match(/\bundefined\b|\bNaN\b|\[object |\{\w+\}|Invalid Date/)
  if (odd) faults.push(`a value nobody should see: ${text.slice(Math.max(0, odd.index - 30), odd.index + 40).replace(/\s+/g, ' ')}`)
  // The program's own words must be in the language chosen; names of people and places are as they are.
  for (const e of document.querySelectorAll('th[scope=col], dt, legend, label, h2, button')) {
    const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent).join('')
    if (!seen(e) || e.closest('[lang]') !== document.documentElement || e.closest('dialog header, .role')) continue
    if (lang === 'en' ? /[\u4e00-\u9fff]/.test(own) : /[A-Za-z]{4,}/.test(own)) faults.push(`in the other language: ${name(e)}`)
  }
  return faults
}

/** Taps and digits, counted as the person makes them. */
export function hand(page) {
  return {
    taps: 0,
    digits: 0,
    async tap(target) {
      this.taps++
      await target.click()
    },
    async type(target, text) {
      this.digits += text.length
      await target.pressSequentially(text)
    },
  }
}
