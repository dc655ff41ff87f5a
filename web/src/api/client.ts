// The server's API: one function a verb, problems as exceptions that a person can read.
import { language } from '@/i18n'

export interface FieldProblem {
  field?: string
  text?: string
  detail?: string
  remedy?: string
  slug?: string
}

/** Problem details (RFC 9457), in the user's language; or no answer at all (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldProblem[] = [],
    readonly slug = '',
  ) {
    super(detail || title)
  }
  get offline(): boolean {
    return this.status === 0
  }
}

export interface Answer<T> {
  status: number
  body: T
  etag: string | null
}

export interface Page<T> {
  items: T[]
  next?: string | null
  total?: number | null
}

const root = '/api/v1'
const patienceMs = 20_000

// As whom this page speaks. The cookie is the whole browser's: on a shared phone, or in another tab, somebody else may have
// signed in since; the server then refuses, and nothing is read or recorded in the wrong name.
let speaker: number | null = null
let replaced: (writing: boolean) => void = () => undefined
export function speakAs(account: number | null): void {
  speaker = account
}
export function whenReplaced(then: (writing: boolean) => void): void {
  replaced = then
}
let heard: (reached: boolean) => void = () => undefined
/** Told after each request whether the server was reached. */
export function whenHeard(then: (reached: boolean) => void): void {
  heard = then
}
const ofNobody = /^\/(session|demo|about|me$)/ // asked to learn who it is

let signedOut: () => void = () => undefined
export function whenSignedOut(then: () => void): void {
  signedOut = then
}

export async function ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, patience = patienceMs): Promise<Answer<T>> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  let response: Response
  let text: string
  try {
    response = await fetch(root + path, {
      method,
      signal: stop.signal,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        'Accept-Language': language(),
        ...(body !== undefined ? { 'Content-Type': 'application/json' } : {}),
        ...(speaker !== null && !ofNobody.test(path) ? { 'Tongzhou-Account': String(speaker) } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    text = await response.text() // the connection may be cut in the middle of the answer too
    heard(true)
  } catch {
    heard(false)
    throw new Problem(0, '', '')
  } finally {
    clearTimeout(timer)
  }
  const kind = response.headers.get('Content-Type') ?? ''
  const parsed: unknown = text !== '' && kind.includes('json') ? JSON.parse(text) : undefined
  if (response.ok || response.status === 304) return { status: response.status, body: parsed as T, etag: response.headers.get('ETag') }
  const p = (parsed ?? {}) as { title?: string; detail?: string; errors?: FieldProblem[]; type?: string }
  if (response.status === 401 && path !== '/session') signedOut()
  if (isReplaced(response.status, p.type)) replaced(method !== 'GET')
  throw new Problem(response.status, p.title ?? String(response.status), p.detail ?? '', p.errors ?? [], p.type ?? '')
}

/** The server says that somebody else is signed in by now. */
export const isReplaced = (status: number, type = ''): boolean => status === 409 && type.endsWith('other-account')

export async function get<T>(path: string, parameters: Record<string, string | number | boolean | undefined | null> = {}): Promise<T> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  const tail = query.toString()
  return (await ask<T>('GET', tail ? `${path}?${tail}` : path)).body
}
export async function put<T>(path: string, body: unknown): Promise<T> {
  return (await ask<T>('PUT', path, body)).body
}
export async function post<T>(path: string, body: unknown): Promise<T> {
  return (await ask<T>('POST', path, body)).body
}
export async function remove<T>(path: string): Promise<T> {
  return (await ask<T>('DELETE', path)).body
}

/** A new identifier: UUID version 7 (RFC 9562), so that identifiers sort by the time they were made. */
export function newUid(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
