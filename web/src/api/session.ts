// Who is signed in, and what they may do.
import { computed, reactive } from 'vue'
import { ask, get, post, Problem, whenSignedOut } from './client'
import { forget, keep, recall } from './outbox'

export interface Grant {
  role: string
  role_label: { zh: string; en: string }
  place: string | null // uid; null: everywhere
  place_name: string | null
}
export interface Me {
  account: number
  login: string
  name: string
  language: 'zh' | 'en'
  person: string | null
  rights: string[]
  grants: Grant[]
  must_change: boolean
  second_factor: 'none' | 'needed' | 'enrol' | 'done'
}

export const session = reactive({ me: null as Me | null, known: false, fromDevice: false })
export const signedIn = computed(() => session.me !== null)

export function may(right: string): boolean {
  return session.me?.rights.includes(right) ?? false
}

/** Ask the server; without network, what it said last. */
export async function load(): Promise<void> {
  try {
    session.me = await get<Me>('/me')
    session.fromDevice = false
    await keep('me', session.me)
  } catch (e) {
    if (e instanceof Problem && e.offline) {
      session.me = (await recall<Me>('me')) ?? null
      session.fromDevice = session.me !== null
    } else {
      session.me = null
    }
  } finally {
    session.known = true
  }
}

export interface SignInStep {
  second_factor: 'none' | 'needed' | 'enrol' | 'done'
  otpauth?: string
  must_change: boolean
}
export function signIn(login: string, password: string): Promise<SignInStep> {
  return post<SignInStep>('/session', { login, password })
}
export function secondFactor(code: string): Promise<SignInStep> {
  return post<SignInStep>('/session/second-factor', { code })
}
export async function signOut(): Promise<void> {
  try {
    await ask('DELETE', '/session')
  } finally {
    session.me = null
    await forget()
  }
}

whenSignedOut(() => {
  session.me = null
})
