// Who is signed in, and what they may do.
import { computed, reactive } from 'vue'
import type { Language } from '@/i18n'
import { ask as send, get, post, put, Problem, speakAs, whenReplaced, whenSignedOut } from './client'
import { forget, keep, recall, send as sendWaiting, setOwner } from './outbox'

export interface Grant {
  id: number
  role: string
  role_name: string // in the language of the request
  place: string | null // uid; null: everywhere
  place_name: string | null
  in_force: boolean
}
/** What is still to be done before the account can work. */
export type SignInState = 'nobody' | 'second_factor' | 'change_password' | 'set_up_second_factor' | 'signed_in'
export interface Me {
  id: number
  login: string
  name: string
  language: Language
  resident: boolean
  state: SignInState
  rights: string[]
  grants: Grant[]
  unread: number
}

/** `ended`: the session is over, but the page and what was typed in it stay until the same person is back. */
export const session = reactive({ me: null as Me | null, known: false, fromDevice: false, ended: false, step: 'nobody' as SignInState })
export const signedIn = computed(() => session.me !== null)

export function may(right: string): boolean {
  return session.me?.rights.includes(right) ?? false
}

// Signed out without a network: the server does not know yet, and is told before anything else.
const leaving = 'leaving'

/** Who was here last, at once from the device, and then what the server says; nobody known: the server is asked. */
export async function load(): Promise<void> {
  try {
    const known = (await left()) ? await recall<Me>('me') : undefined
    if (known && !session.known) {
      take(known, true)
      void ask(known).catch(() => undefined)
      return
    }
    await ask(known ?? null)
  } finally {
    setOwner(session.me?.id ?? null)
    session.known = true
  }
}
function take(me: Me | null, fromDevice: boolean): void {
  session.me = me
  session.fromDevice = fromDevice && me !== null
  if (me) session.ended = false
  speakAs(me?.id ?? null)
}
/** False: somebody signed out here without a network, and there is none yet. */
async function left(): Promise<boolean> {
  if (!localStorage.getItem(leaving)) return true
  try {
    await send('DELETE', '/session')
  } catch (e) {
    if (e instanceof Problem && (e.offline || e.status >= 500)) return false
  }
  localStorage.removeItem(leaving)
  return true
}
let meanwhile: () => void = () => undefined
/** What may be read already while the server is asked who somebody is that is signed in. */
export function whileAsking(then: () => void): void {
  meanwhile = then
}
async function ask(known: Me | null): Promise<void> {
  try {
    if (localStorage.getItem(leaving)) return take(null, false)
    // Somebody known is asked for at once; else whether there is anybody, which is no fault when there is not.
    session.step = known ? 'signed_in' : (await get<SignInStep>('/session')).state
    if (!known && session.step === 'signed_in') meanwhile()
    const me = session.step === 'nobody' || session.step === 'second_factor' ? null : await get<Me>('/me')
    const other = session.me !== null && session.me.id !== me?.id
    if (known && known.id !== me?.id) await forget() // somebody else's
    if (me) await keep('me', me)
    take(me, false)
    if (me) setOwner(me.id)
    if (other || (known?.state === 'signed_in' && me?.state !== 'signed_in')) location.reload() // what is shown is not theirs
  } catch (e) {
    if (e instanceof Problem && (e.offline || e.status >= 500)) return // as the device knows it
    if (session.known && session.me) return // the page stays, with what was typed in it: whenSignedOut
    take(null, false)
    await forget()
  }
}

export interface SignInStep {
  state: SignInState
}
export function signIn(login: string, password: string): Promise<SignInStep> {
  return post<SignInStep>('/session', { login, password })
}
export function secondFactor(code: string): Promise<SignInStep> {
  return post<SignInStep>('/session/second-factor', { code })
}
export function changePassword(old: string, password: string): Promise<void> {
  return post('/me/password', { old, password })
}
export function beginSecondFactor(): Promise<{ secret: string; uri: string }> {
  return post('/me/second-factor', {})
}
export function confirmSecondFactor(code: string): Promise<void> {
  return put('/me/second-factor', { code })
}
export async function signOut(): Promise<void> {
  await Promise.race([sendWaiting(), new Promise((done) => setTimeout(done, 3_000))]) // what waits goes with them, if it can
  localStorage.setItem(leaving, '1')
  try {
    await left()
  } finally {
    take(null, false)
    session.ended = false
    setOwner(null)
    await forget()
  }
}

whenSignedOut(() => {
  setOwner(null)
  if (session.known && session.me) session.ended = true
})
// Another person has signed in in this browser. A page that only reads starts anew as theirs; one in which something was just
// written stays, says so, and what waits in the outbox waits.
whenReplaced((writing) => {
  if (!writing) void forget().then(() => location.reload())
})
