// A task as the server tells it.
export interface Named {
  name?: string
  word?: string
  label: string
}
export interface PlaceRef {
  uid: string
  name: string
  kind: string
}
export interface SubjectRef {
  kind: 'person' | 'place' | 'gathering'
  uid: string
  name: string | null
  sex?: string | null
  born?: string | null
  place?: PlaceRef | null
}
export interface Task {
  task: number
  id: number
  what: Named
  verb: Named
  role: Named
  opened: string
  deadline: string | null
  day: string | null
  closed: string | null
  how: Named | null
  overdue: boolean
  escalated: boolean
  assigned: number | null
  subject: SubjectRef | null
  place: PlaceRef | null
  path?: string[] // names of the places around it, the largest first
}
export interface TaskDetail extends Task {
  why: string
  accept: string | null
  record: string | null
  guardian_first: boolean
  yields_to_care: boolean
  specimens: Named[]
  pool?: number
  reach?: { phone?: string | null; phone_2?: string | null; address?: string | null; language?: string | null; guardian_name?: string | null; guardian_phone?: string | null }
  mine: boolean
}
export type Outcome = 'done' | 'refused' | 'seen_well' | 'seen_ill' | 'not_seen' | 'not_attempted' | 'sampled' | 'lost' | 'found'

/** What can become of a task, by what it asks for; the first is the usual one. */
export function outcomesOf(verb: string): Outcome[] {
  if (verb === 'check') return ['seen_well', 'seen_ill', 'not_seen', 'refused', 'not_attempted']
  if (verb === 'sample' || verb === 'sample_set' || verb === 'test_again') return ['sampled', 'refused', 'not_seen']
  if (verb === 'trace_again') return ['found', 'lost', 'not_attempted']
  return ['done', 'refused', 'not_seen', 'not_attempted']
}

/** A temperature as typed, in degrees: "36.8", "368", and "68" for 36.8, since nobody has 68; null: nothing typed. */
export function degrees(text: string): number | null {
  const t = text.trim().replace(/[,，。]/, '.')
  if (!t) return null
  const n = Number(t)
  if (/^\d{3}$/.test(t)) return n / 10
  return /^[5-9]\d$/.test(t) ? 30 + n / 10 : n
}
export const degreesPossible = (n: number): boolean => n >= 34 && n <= 43

/** Whether it is asked how it was done: a sample is taken face to face, and what was not tried was not done in any way. */
export const asksWay = (outcome: Outcome): boolean => outcome !== 'sampled' && outcome !== 'not_attempted'

/** Age in whole years; null when unknown. */
export function ageOf(born: string | null | undefined, now: number): number | null {
  if (!born) return null
  const at = new Date(now)
  const [y, m, d] = born.split('-').map(Number) as [number, number, number]
  const had = at.getMonth() + 1 > m || (at.getMonth() + 1 === m && at.getDate() >= d)
  return at.getFullYear() - y - (had ? 0 : 1)
}
