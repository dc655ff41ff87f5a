// The line list as a spreadsheet: what its columns hold, how a typed or pasted text is read, and tables as spreadsheets copy them.
import type { Enrolment } from '@/desk/types'

export interface DateFact {
  uid?: string
  at: string
  day_only: boolean
}
export interface Row extends Enrolment {
  dates?: Record<string, DateFact>
  occupation?: string | null
  employer?: string | null
}
export type ColumnKind = 'text' | 'day' | 'sex' | 'class' | 'fixed'
export interface GridColumn {
  key: string
  kind: ColumnKind
  width: number // px
  event?: string // a day that stands for a fact of this kind
  registry?: string // a field of the registry
}
export const gridColumns: GridColumn[] = [
  { key: 'number', kind: 'fixed', width: 88 },
  { key: 'name', kind: 'fixed', width: 120 },
  { key: 'sex', kind: 'sex', width: 72, registry: 'sex' },
  { key: 'born', kind: 'day', width: 116, registry: 'born' },
  { key: 'place', kind: 'fixed', width: 130 },
  { key: 'occupation', kind: 'text', width: 110, registry: 'occupation' },
  { key: 'employer', kind: 'text', width: 150, registry: 'employer' },
  { key: 'class', kind: 'class', width: 130 },
  { key: 'symptom', kind: 'day', width: 116, event: 'symptom' },
  { key: 'sample', kind: 'fixed', width: 126 },
  { key: 'isolated', kind: 'day', width: 116, event: 'isolated' },
  { key: 'admitted', kind: 'day', width: 116, event: 'admitted' },
  { key: 'discharged', kind: 'day', width: 116, event: 'discharged' },
  { key: 'well', kind: 'day', width: 144, event: 'well' },
  { key: 'died', kind: 'day', width: 116, event: 'died' },
  { key: 'stage', kind: 'fixed', width: 150 },
]

export type Fault = 'day' | 'future' | 'sex' | 'class' | 'fixed' | 'long' | null
const sexWords: Record<string, string> = { male: 'male', m: 'male', 男: 'male', female: 'female', f: 'female', 女: 'female', other: 'other', 其他: 'other' }
const classWords: Record<string, string> = {
  suspected: 'suspected', 疑似: 'suspected', 疑似病例: 'suspected',
  probable: 'probable', 临床诊断: 'probable', 临床诊断病例: 'probable',
  confirmed: 'confirmed', 确诊: 'confirmed', 确诊病例: 'confirmed',
  asymptomatic: 'asymptomatic', 无症状: 'asymptomatic', 无症状感染者: 'asymptomatic', 'asymptomatic infection': 'asymptomatic',
  discarded: 'discarded', 排除: 'discarded',
}

/** A day as people and spreadsheets write it: 2022-07-14, 2022/7/14, 2022年7月14日, 20220714; null when it is none. */
export function readDay(text: string): string | null {
  const m = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (!m) return null
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])]
  const at = new Date(Date.UTC(y, mo - 1, d))
  if (at.getUTCFullYear() !== y || at.getUTCMonth() !== mo - 1 || at.getUTCDate() !== d) return null
  return at.toISOString().slice(0, 10)
}
/** What a cell's text means: the value in its plain form, or what is wrong with it. Empty is a value too. */
export function readCell(column: GridColumn, text: string, today: string): { value: string; fault: Fault } {
  const t = text.trim()
  if (column.kind === 'fixed') return { value: t, fault: 'fixed' }
  if (t === '') return { value: '', fault: column.kind === 'class' ? 'class' : null }
  if (column.kind === 'sex') return sexWords[t.toLowerCase()] ? { value: sexWords[t.toLowerCase()]!, fault: null } : { value: t, fault: 'sex' }
  if (column.kind === 'class') return classWords[t.toLowerCase()] ? { value: classWords[t.toLowerCase()]!, fault: null } : { value: t, fault: 'class' }
  if (column.kind === 'day') {
    const day = readDay(t)
    if (!day) return { value: t, fault: 'day' }
    return { value: day, fault: day > today ? 'future' : null }
  }
  return { value: t, fault: t.length > 120 ? 'long' : null }
}

/** Rows and cells of what a spreadsheet puts on the clipboard; quoted cells may hold tabs, line ends and doubled quotes. */
export function readTsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  let begun = false
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!
    if (quoted) {
      if (c === '"' && source[i + 1] === '"') {
        cell += '"'
        i++
      } else if (c === '"') quoted = false
      else cell += c
    } else if (c === '"' && !begun) quoted = begun = true
    else if (c === '\t' || c === '\n') {
      rows[rows.length - 1]!.push(cell)
      if (c === '\n') rows.push([])
      cell = ''
      begun = false
    } else {
      cell += c
      begun = true
    }
  }
  rows[rows.length - 1]!.push(cell)
  return rows
}
/** And back. What a spreadsheet would run as a formula is made text. */
export function writeTsv(rows: string[][]): string {
  const cell = (t: string): string => {
    const safe = /^[=+\-@]/.test(t) ? `'${t}` : t
    return /[\t\n"]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
  }
  return rows.map((r) => r.map(cell).join('\t')).join('\n')
}
