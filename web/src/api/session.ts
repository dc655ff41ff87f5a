// Who is signed in, and what they may do.
import { computed, reactive } from 'vue'
import type { Language } from '@/i18n'
import { ask, get, post, put, Problem, whenSignedOut } from './client'
import { forget, keep, recall, setOwner } from './outbox'

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

/** Ask the server; without network, what it said last. */
export async function load(): Promise<void> {
  try {
    // Somebody known is asked for at once; else whether there is anybody, which is no fault when there is not.
    const known = await recall<Me | null>('me')
    session.step = known ? 'signed_in' : (await get<SignInStep>('/session')).state
    session.me = session.step === 'nobody' || session.step === 'second_factor' ? null : await get<Me>('/me')
    session.fromDevice = false
    session.ended = false
    if (known && known.id !== session.me?.id) await forget() // somebody else's
    if (session.me) await keep('me', session.me)
  } catch (e) {
    if (e instanceof Problem && (e.offline || e.status >= 500)) {
      session.me = (await recall<Me>('me')) ?? null
      session.fromDevice = session.me !== null
    } else {
      session.me = null
      await forget()
    }
  } finally {
    setOwner(session.me?.id ?? null)
    session.known = true
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
  try {
    await ask('DELETE', '/session')
  } finally {
    session.me = null
    session.ended = false
    setOwner(null)
    await forget()
  }
}

whenSignedOut(() => {
  setOwner(null)
  if (session.known && session.me) session.ended = true
})
