// What was recorded and has not been acknowledged yet: kept on the device until the server has it, sent in order, as often as
// needed. Every entry is a PUT under an identifier made here, so that sending it twice counts once.
//
// A phone is shared: an entry belongs to the account that recorded it. It is sent while that account is signed in, and under
// its name only (the server refuses it under another's); until they are back it waits, whoever uses the phone meanwhile.
import { reactive } from 'vue'
import { ask, isReplaced, Problem, whenHeard } from './client'

export interface Outgoing {
  n?: number
  path: string
  body: unknown
  made: number // ms
  owner: number // account that recorded it
  what: string // for the person: "体温 36.8 · 王某"
  refused?: { detail: string; remedy?: string } // the server said no: shown until the person decides
}

const database = 'tongzhou'
const store = 'outbox'
const kept = 'kept'
const patienceMs = 10_000
const firstPauseMs = 500
const longestPauseMs = 60_000

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

async function run<T>(name: string, mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<T>, durability: IDBTransactionDurability = 'relaxed'): Promise<T> {
  const db = await open()
  try {
    return await new Promise<T>((done, fail) => {
      const transaction = db.transaction(name, mode, { durability })
      const request = work(transaction.objectStore(name))
      transaction.oncomplete = () => done(request.result)
      transaction.onerror = () => fail(transaction.error)
      transaction.onabort = () => fail(transaction.error)
    })
  } finally {
    db.close()
  }
}

export const outbox = reactive({ waiting: 0, others: 0, refused: [] as Outgoing[], sending: false, online: navigator.onLine })

const readAll = (): Promise<Outgoing[]> => run<Outgoing[]>(store, 'readonly', (s) => s.getAll() as IDBRequest<Outgoing[]>)
async function count(): Promise<void> {
  const all = await readAll()
  const own = all.filter((o) => o.owner === account)
  outbox.waiting = own.filter((o) => !o.refused).length
  outbox.others = all.length - own.length
  outbox.refused = own.filter((o) => o.refused)
}

/** Where entries wait to be sent to. */
export async function waitingPaths(): Promise<Set<string>> {
  return new Set((await readAll()).filter((o) => !o.refused && o.owner === account).map((o) => o.path))
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
  if (account === null) throw new Problem(401, '', '')
  const owner = account
  await run(store, 'readwrite', (s) => s.add({ path, body, what, made: Date.now(), owner } satisfies Outgoing), 'strict')
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
    else timer = setTimeout(() => void count().then(() => send()), 2_000) // another tab is at it
  })
}

async function sendAll(): Promise<void> {
  outbox.sending = true
  try {
    for (let o = await nextOf(); o; o = await nextOf()) if (!(await sendOne(o))) break
  } finally {
    outbox.sending = false
    await count()
  }
}
async function nextOf(): Promise<Outgoing | undefined> {
  return away ? undefined : (await readAll()).find((o) => !o.refused && o.owner === account)
}

/** False: it waits, and those behind it too. */
async function sendOne(o: Outgoing): Promise<boolean> {
  try {
    await ask('PUT', o.path, o.body, { 'Tongzhou-Account': String(o.owner) }, patienceMs)
    pauseMs = 0
    await run(store, 'readwrite', (s) => s.delete(o.n!))
    outbox.waiting = Math.max(0, outbox.waiting - 1)
    return true
  } catch (e) {
    if (!(e instanceof Problem)) throw e
    if (e.status === 401) return false // the session has ended: setOwner sends when they are back
    if (isReplaced(e.status, e.slug)) {
      timer = setTimeout(() => void send(), longestPauseMs) // they may come back in another tab
      return false
    }
    // No answer, or the server is busy: nothing is lost.
    if (e.offline || e.status >= 500 || e.status === 429 || e.status === 408) {
      pauseMs = Math.min(longestPauseMs, Math.max(firstPauseMs, pauseMs * 2))
      timer = setTimeout(() => void send(), pauseMs)
      return false
    }
    const refused = { detail: e.errors[0]?.text ?? e.errors[0]?.detail ?? (e.detail || e.title), remedy: e.errors[0]?.remedy }
    await run(store, 'readwrite', (s) => s.put({ ...o, refused }))
    return true
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
export async function keptKeys(): Promise<string[]> {
  return (await run(kept, 'readonly', (s) => s.getAllKeys())).map(String)
}
export function drop(key: string): Promise<undefined> {
  return run(kept, 'readwrite', (s) => s.delete(key))
}
/** On signing out nothing of anybody stays on the device (what waits to be sent does, until it is sent). */
export function forget(): Promise<undefined> {
  return run(kept, 'readwrite', (s) => s.clear())
}

whenHeard((reached) => (outbox.online = reached))

export function startOutbox(): void {
  const wake = (): void => {
    outbox.online = navigator.onLine
    pauseMs = 0 // there is a network again: no use in waiting out a long pause
    void send()
  }
  addEventListener('online', wake)
  addEventListener('offline', () => (outbox.online = false))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake())
  void count().then(() => send())
}
