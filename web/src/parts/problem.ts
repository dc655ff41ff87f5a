// What went wrong, in a person's words: the server's own, field by field where it says so.
import { ask, Problem } from '@/api/client'
import { language, useWords } from '@/i18n'

const say = useWords({
  problemSilent: ['服务器没有回应，请稍后重试。', 'The server does not answer. Try again shortly.'],
  problemHeld: ['已提交，需要第二个人确认后才会执行。', 'Sent. A second person must confirm it before it is carried out.'],
})

interface Row {
  text?: string
  detail?: string
  remedy?: string
}

/** One sentence or more; never empty. */
export function problemText(e: unknown): string {
  if (!(e instanceof Problem) || e.offline) return say('problemSilent')
  const rows = (e.errors as Row[]).map((r) => sentence(r.text ?? r.detail) + sentence(r.remedy))
  const said = rows.filter(Boolean).join(language() === 'zh' ? '' : ' ')
  return said || sentence(e.detail || e.title)
}
/** The server's words are phrases: the first letter large and a stop at the end make them sentences. */
export function sentence(text: string | undefined): string {
  if (!text) return ''
  const ended = /[.。!！?？]$/.test(text) ? text : text + (language() === 'zh' ? '。' : '.')
  return ended.charAt(0).toUpperCase() + ended.slice(1) + (language() === 'zh' ? '' : ' ')
}

/** Writes, and tells whether it waits for a second person (202) instead of being done. */
export async function write<T>(method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<{ body: T; held: string }> {
  const answer = await ask<T>(method, path, body)
  return { body: answer.body, held: answer.status === 202 ? say('problemHeld') : '' }
}
