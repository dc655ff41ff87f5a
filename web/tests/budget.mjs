// What a phone must fetch before "my tasks" can be used, compressed as the server sends it: page, scripts and styles.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = process.env.TONGZHOU_WEB ?? fileURLToPath(new URL('../dist', import.meta.url))
const most = 100_000

// From the page through what the scripts import, statically, plus the chunks of the one page opened.
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const wanted = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map((m) => m[1])
const entry = wanted.filter((w) => w.endsWith('.js')).map((w) => readFileSync(join(dist, w), 'utf8')).join('\n')
const names = new Set(entry.match(/assets\/[\w.-]+\.(?:js|css)/g) ?? [])
for (const page of ['MyTasks', 'Frame', 'tasks', 'task', 'words']) {
  const own = new RegExp(`^assets/${page}-[\\w-]{8}\\.(js|css)$`)
  wanted.push(...[...names].filter((n) => own.test(n)).map((n) => '/' + n))
}
const needed = new Set()
function take(path) {
  if (needed.has(path) || !existsSync(join(dist, path))) return
  needed.add(path)
  if (!path.endsWith('.js')) return
  const text = readFileSync(join(dist, path), 'utf8')
  for (const m of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) take('/assets/' + m[1])
}
wanted.forEach(take)
const sent = (path) => Math.min(...['.br', '.gz', ''].map((e) => join(dist, path + e)).filter(existsSync).map((f) => statSync(f).size))

let sum = sent('/index.html')
console.log(`${String(sum).padStart(7)}  /index.html`)
for (const path of [...needed].sort()) {
  sum += sent(path)
  console.log(`${String(sent(path)).padStart(7)}  ${path}`)
}
console.log(`${String(sum).padStart(7)}  in all, of at most ${most} bytes before "my tasks" can be used`)
if (![...needed].some((n) => n.includes('MyTasks')) || sum > most) process.exitCode = 1
