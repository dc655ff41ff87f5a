// What was recorded and has not been acknowledged yet: kept on the device until the server has it, sent in order, as often as
// needed. Every entry is a PUT under an identifier made here, so that sending it twice counts once.
import { reactive } from 'vue'
import { ask, Problem } from './client'

export interface Outgoing {
  n?: number
  path: string
  body: unknown
  made: number // ms
  owner: number // account that recorded it: it is sent as theirs, by nobody else
  what: string // for the person: "体温 36.8 · 王某"
  refused?: { detail: string; remedy?: string } // the server said no: shown until the person decides
}

const database = 'tongzhou'
const store = 'outbox'
const kept = 'kept'

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(database, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(store, { keyPath: 'n', autoIncrement: true })
      request.result.createObjectStore(kept)
    }
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
}

async function run<T>(name: string, mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = db.transaction(name, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(name))
      transaction.oncomplete = () => done(request.result)
      transaction.onerror = () => fail(transaction.error)
      transaction.onabort = () => fail(transaction.error)
    })
  } finally {
    db.close()
  }
}

export const outbox = reactive({ waiting: 0, refused: [] as Outgoing[], sending: false, online: navigator.onLine })

async function count(): Promise<void> {
  const all = await run<Outgoing[]>(store, 'readonly', (s) => s.getAll() as IDBRequest<Outgoing[]>)
  const own = all.filter((o) => o.owner === account)
  outbox.waiting = own.filter((o) => !o.refused).length
  outbox.refused = own.filter((o) => o.refused)
}

let account: number | null = null // who is, or was last, signed in
let away = true // nobody, or a session that has ended: what was recorded waits for them
export function setOwner(to: number | null): void {
  away = to === null
  if (to === null) return
  account = to
  pauseMs = 0
  void count().then(() => send())
}

/** Keep, then try to send. Resolves as soon as it is safe on this device. */
export async function record(path: string, body: unknown, what: string): Promise<void> {
  await run(store, 'readwrite', (s) => s.add({ path, body, what, made: Date.now(), owner: account ?? 0 } satisfies Outgoing))
  await count()
  void send()
}

let pauseMs = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Send what waits, oldest first; one tab at a time. */
export async function send(): Promise<void> {
  clearTimeout(timer)
  if (away) return
  if (!navigator.locks) return sendAll()
  await navigator.locks.request('outbox', { ifAvailable: true }, async (lock) => {
    if (lock) await sendAll()
  })
}

async function sendAll(): Promise<void> {
  outbox.sending = true
  try {
    const all = await run<Outgoing[]>(store, 'readonly', (s) => s.getAll() as IDBRequest<Outgoing[]>)
    for (const o of all) {
      if (o.refused || o.owner !== account) continue
      try {
        await ask('PUT', o.path, o.body)
        outbox.online = true
        pauseMs = 0
        await run(store, 'readwrite', (s) => s.delete(o.n!))
      } catch (e) {
        const p = e as Problem
        // No answer, the server is busy, or the session ran out: it waits, nothing is lost.
        if (!(e instanceof Problem) || p.offline || p.status >= 500 || p.status === 429 || p.status === 401) {
          outbox.online = e instanceof Problem && !p.offline
          if (p.status === 401) break // setOwner sends when they are back
          pauseMs = Math.min(60_000, Math.max(1_000, pauseMs * 2))
          timer = setTimeout(() => void send(), pauseMs)
          break
        }
        const refused = { detail: p.errors[0]?.text ?? p.errors[0]?.detail ?? (p.detail || p.title), remedy: p.errors[0]?.remedy }
        await run(store, 'readwrite', (s) => s.put({ ...o, refused }))
      }
    }
  } finally {
    outbox.sending = false
    await count()
  }
}

/** The person has seen why an entry was refused and lets it go. */
export async function letGo(n: number): Promise<void> {
  await run(store, 'readwrite', (s) => s.delete(n))
  await count()
}

/** What was last read from the server, for when there is no network. */
export function keep(key: string, value: unknown): Promise<IDBValidKey> {
  return run(kept, 'readwrite', (s) => s.put(JSON.parse(JSON.stringify(value)), key))
}
export function recall<T>(key: string): Promise<T | undefined> {
  return run(kept, 'readonly', (s) => s.get(key) as IDBRequest<T | undefined>)
}
/** On signing out nothing of anybody stays on the device (what waits to be sent does, until it is sent). */
export function forget(): Promise<undefined> {
  return run(kept, 'readwrite', (s) => s.clear())
}

export function startOutbox(): void {
  addEventListener('online', () => void send())
  addEventListener('offline', () => (outbox.online = false))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void send())
  void count().then(() => send())
}
