// What the measurements share: a server on a store of any size, and an account of a role to look at it with.
import { createHmac } from 'node:crypto'
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
export const binary = process.env.TONGZHOU_BINARY ?? join(root, 'build/tongzhou')
const pages = process.env.TONGZHOU_WEB ?? join(root, 'web/dist')

export function tongzhou(...args) {
  return execFileSync(binary, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
}

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

/** A server on this store; `password` is the one-time password of its administrator. */
export async function serveStore(store) {
  const said = tongzhou('account', 'reset-administrator', '--store', store)
  const password = /\S*$/.exec(said.split('\n').find((l) => /password/i.test(l)) ?? '')?.[0]
  if (!password) throw new Error(`no one-time password in: ${said}`)
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(binary, ['serve', '--store', store, '--listen', `127.0.0.1:${port}`, '--web', pages, '--log', 'warn'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let ended = false
  for (const s of [child.stdout, child.stderr]) s.on('data', (d) => (out += d))
  const gone = new Promise((done) => child.once('exit', () => done((ended = true))))
  for (let i = 0; ; i++) {
    if (ended || i > 3000) throw new Error(`the server does not start: ${out}`)
    const health = await fetch(`${origin}/healthz`).catch(() => null)
    if (health?.ok) break
    await new Promise((r) => setTimeout(r, 200))
  }
  return {
    origin,
    password,
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** The code of this moment (RFC 6238, SHA-1, 30 s, 6 digits) for a secret in base 32. */
function totp(base32, at = Date.now()) {
  let bits = ''
  for (const c of base32.replace(/=+$/, '')) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(step).digest()
  const n = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff
  return String(n % 1_000_000).padStart(6, '0')
}

class Person {
  cookie = ''
  constructor(origin) {
    this.origin = origin
  }
  async send(method, path, body) {
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { Origin: this.origin, Cookie: this.cookie, 'Accept-Language': 'en', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const set = answer.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0]
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 400)}`)
    return text ? JSON.parse(text) : null
  }
  /** From a one-time password to a person at work, with a second factor. */
  async begin(login, oneTime) {
    await this.send('POST', '/session', { login, password: oneTime })
    await this.send('POST', '/me/password', { old: oneTime, password: 'measured by a script 1' })
    const { secret } = await this.send('POST', '/me/second-factor', {})
    await this.send('PUT', '/me/second-factor', { code: totp(secret) })
    return this
  }
}

/** Somebody of this role, everywhere, signed in. */
export async function somebody(server, role) {
  const chief = await new Person(server.origin).begin('administrator', server.password)
  const login = `measure.${Date.now()}`
  const made = await chief.send('POST', '/accounts', { login, name: 'measurement', language: 'en' })
  await chief.send('POST', `/accounts/${made.id}/grants`, { role })
  return new Person(server.origin).begin(login, made.password)
}

/** The cookie of that person in a browser's context. */
export async function asPerson(context, person) {
  const [name, ...value] = person.cookie.split('=')
  await context.addCookies([{ name, value: value.join('='), url: person.origin, httpOnly: true, sameSite: 'Strict' }])
}
