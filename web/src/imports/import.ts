// What the server says of an import, and how a file and a mapping go to it.
import { language } from '@/i18n'
import { newUid, Problem, type FieldProblem } from '@/api/client'

export interface Named {
  word: string
  label: string
}
export interface Import {
  uid: string
  name: string
  format: string
  stage: Named
  state: Named | null
  sent: string
  ended?: string | null
  rows: { read: number; taken: number; same: number; faulty: number }
  progress: { done: number; total: number }
  warnings: number
  people_new: number
  people_found: number
  facts: number
  duplicates: number
  needs_second?: boolean
  fault?: string | null
  undone?: { facts: number; people: number; kept: number; refused: number }
  undone_at?: string | null
}
export interface Fault {
  file: string
  line: number
  column: number
  field: string
  slug: string
  severity: 'error' | 'warning' | 'note'
  text: string
  remedy: string
}
export type Use = 'field' | 'note' | 'ignore' | 'unknown'
export interface Column {
  header: string
  use: Use
  field: string | null
  suggested: boolean
  samples: string[]
}
export interface Columns {
  readable: boolean
  format?: Named
  table?: Named
  encoding?: { name: string; percent: number }
  delimiter?: 'comma' | 'semicolon' | 'tab' | 'bar'
  mapped?: boolean
  fields?: { name: string; label: string | null }[]
  columns?: Column[]
}
export interface Undo {
  facts: number
  people: number
  kept: number
  gone: number
}
export const tables = ['places', 'people', 'gatherings', 'cases', 'contacts', 'links', 'followups', 'labs', 'facts'] as const
export const formats = ['tongzhou', 'godata', 'sormas', 'simplereport', 'list'] as const
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252', 'latin-1'] as const
export const delimiters = ['comma', 'semicolon', 'tab', 'bar'] as const

export function atWork(i: Import): boolean {
  return ['checking', 'recording', 'undoing'].includes(i.stage.word)
}

/** Files that others refer to go first: places, people, cases, contacts, then what happened to them. */
export function inOrder(files: File[]): File[] {
  const order = ['location', 'place', 'region', 'people', 'person', 'event', 'gathering', 'case', 'contact', 'relation', 'link', 'follow', 'lab', 'result', 'fact']
  const rank = (f: File): number => {
    const at = order.findIndex((o) => f.name.toLowerCase().includes(o))
    return at < 0 ? order.length : at
  }
  return [...files].sort((a, b) => rank(a) - rank(b))
}

// The files sent from this page, so that one can be sent again as something else.
export const sent = new Map<string, File>()

/** Sends a file under a new identifier; `done` hears how much has gone. */
export function send(file: File, ask: { format?: string; table?: string; mapping?: string }, done: (part: number) => void): Promise<Import> {
  const uid = newUid()
  const query = new URLSearchParams({ name: file.name.slice(0, 200) })
  for (const [name, value] of Object.entries(ask)) if (value) query.set(name, value)
  return new Promise((good, bad) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `/api/v1/imports/${uid}?${query}`)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Accept-Language', language())
    request.upload.onprogress = (e) => e.lengthComputable && done(e.loaded / e.total)
    request.onerror = () => bad(new Problem(0, '', ''))
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = {}
      }
      if (request.status >= 200 && request.status < 300) {
        sent.set(uid, file)
        return good(body as Import)
      }
      const p = body as { title?: string; detail?: string; errors?: FieldProblem[]; type?: string }
      bad(new Problem(request.status, p.title ?? String(request.status), p.detail ?? '', p.errors ?? [], p.type ?? ''))
    }
    request.send(file)
  })
}

const quoted = (text: string): string => JSON.stringify(text)
/** The mapping as YAML: what the screen shows, with what it does not show (words, empty texts) taken over from `before`. */
export function mappingText(before: string, table: string, columns: Column[], set: { encoding: string; delimiter: string; dates: string }): string {
  const lines = before.split('\n')
  const at = (key: string) => lines.findIndex((l) => l.startsWith(key + ':'))
  const head = lines.slice(0, at('columns') < 0 ? lines.length : at('columns')).filter((l) => l.trim() && !/^(#|import:|encoding:|delimiter:|dates:)/.test(l))
  const words = at('words') < 0 ? [] : lines.slice(at('words')).filter((l) => l.trim())
  const tableChanged = !lines.some((l) => l.trim() === `import: ${table}`)
  const out = [`import: ${table}`]
  if (set.encoding) out.push(`encoding: ${set.encoding}`)
  if (set.delimiter) out.push(`delimiter: ${set.delimiter}`)
  if (set.dates) out.push(`dates: ${set.dates}`)
  out.push(...head)
  const seen = new Set<string>()
  const said = tableChanged ? [] : columns.filter((c) => c.use !== 'unknown' && c.header !== '' && !seen.has(c.header) && (seen.add(c.header), true))
  if (said.length) out.push('columns:', ...said.map((c) => `  ${quoted(c.header)}: ${c.use === 'field' ? c.field : c.use}`))
  if (!tableChanged) out.push(...words)
  return out.join('\n') + '\n'
}
