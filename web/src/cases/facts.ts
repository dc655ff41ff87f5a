// Facts on their way: what would follow, then the record. People described in the same request come first, so that a new
// person and what happened to them are one commit.
import { newUid, post, ask, Problem } from '@/api/client'
import { sentence, write } from '@/parts/problem'
import type { Decision, SubjectRef } from '@/desk/types'

export interface FactRow {
  uid: string
  subject: string
  kind: string
  happened: string
  until?: string | null
  known?: string | null
  link?: string | null
  replaces?: string | null
  about?: string | null
  word?: string | null
  test?: string | null
  outcome?: string | null
  protection?: string | null
  value?: number | null
  name?: string | null
  flags?: string | null
  note?: string | null
}
/** A person as the registry writes them; what is not said is absent. */
export interface PersonRecord {
  uid: string
  [field: string]: string | number | boolean | null | undefined
}
export interface RowFault {
  code: string
  errors: { text: string; remedy: string; field?: string }[]
}
export interface Preview {
  items: { subject: SubjectRef; decisions: Decision[] }[]
  others: number
  dropped?: number
  people?: RowFault[]
  facts: RowFault[]
}
/** What the server answers for records in one request. */
export const mostAtOnce = 500

export function fact(subject: string, kind: string, happened: string, rest: Partial<FactRow> = {}): FactRow {
  return { uid: newUid(), subject, kind, happened, ...rest }
}
/** An instant as the server counts, in whole seconds. */
export const instant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
/** What a day input or a day-and-hour input says, on the clocks of the response. */
export function when(text: string): { happened: string; flags?: string } {
  return text.length === 10 ? { happened: `${text}T00:00:00`, flags: 'day_only' } : { happened: text.length === 16 ? `${text}:00` : text }
}

export function faultText(f: RowFault | undefined): string {
  if (!f || f.code === 'ok') return '' // what stands beside a record that is taken is advice
  return (f.errors ?? []).map((e) => sentence(e.text) + sentence(e.remedy)).join('') || f.code
}
export function preview(people: PersonRecord[], facts: FactRow[]): Promise<Preview> {
  return post<Preview>('/facts/preview', { people, facts })
}
/** Records all, or says what was refused: by row. */
export async function record(people: PersonRecord[], facts: FactRow[]): Promise<{ held: string; faults: string[] }> {
  if (!facts.length && people.length) {
    let held = ''
    for (const p of people) held = (await write('PUT', `/people/${p.uid}`, p)).held || held
    return { held, faults: [] }
  }
  const { body, held } = await write<{ items?: RowFault[]; people?: RowFault[] } | undefined>('PUT', '/facts', { people, facts })
  const rows = [...(body?.people ?? []), ...(body?.items ?? [])]
  return { held, faults: rows.filter((r) => r.code !== 'ok').map(faultText) }
}

/** The confined: of whom a measure is proposed or begun. */
export const confines = (decisions: Decision[]): boolean => decisions.some((d) => d.kind === 'measure_proposed' || d.kind === 'measure_started')

/** A registry entry, ready to be written again with changes; only what is said is sent. */
export async function personRecord(uid: string): Promise<PersonRecord> {
  const { person } = (await ask<{ person: PersonRecord }>('GET', `/people/${uid}`)).body
  return said(person)
}
export function said(record: PersonRecord): PersonRecord {
  return Object.fromEntries(Object.entries(record).filter(([, v]) => v !== null && v !== undefined && v !== '')) as PersonRecord
}
export const isProblem = (e: unknown): e is Problem => e instanceof Problem
