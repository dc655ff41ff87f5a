// What the server sends or takes as text: a protocol's file, its explanation.
import { language } from '@/i18n'
import { Problem, type FieldProblem } from './client'

/** The answer's text; `body` goes out as it is. */
export async function askText(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
  let response: Response
  try {
    response = await fetch('/api/v1' + path, {
      method,
      credentials: 'same-origin',
      headers: { 'Accept-Language': language(), ...(body !== undefined ? { 'Content-Type': 'application/yaml' } : {}) },
      body,
    })
  } catch {
    throw new Problem(0, '', '')
  }
  const text = await response.text()
  if (response.ok) return { status: response.status, text }
  let p: { title?: string; detail?: string; errors?: FieldProblem[]; slug?: string } = {}
  try {
    p = JSON.parse(text) as typeof p
  } catch {
    // not ours: the number has to do
  }
  throw new Problem(response.status, p.title ?? String(response.status), p.detail ?? '', p.errors ?? [], p.slug ?? '')
}
