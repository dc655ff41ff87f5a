// What the server says of cases, contacts, measures and stories.
import type { Named, PlaceRef, SubjectRef } from '@/field/task'
export type { Named, PlaceRef, SubjectRef }

export interface Enrolment {
  enrolment: number
  edition: string
  pathway: Named
  stage: Named
  class: Named | null
  final: Named
  opened: string
  ended: string | null
  onset: string | null
  positive_sample: string | null
  last_exposure: string | null
  stage_end: string | null
  order_until: string | null
  seen: string | null
  subject: SubjectRef
  source?: SubjectRef | null
}
export type CalendarState = 'seen_well' | 'seen_ill' | 'not_seen' | 'not_attempted' | 'refused' | 'due' | 'ahead' | 'never'
export interface EnrolmentDetail extends Enrolment {
  version: number
  calendar?: { day: string; state: string }[]
}
export interface Measure {
  measure: number
  what: Named
  kind: Named
  state: Named
  renewal: boolean
  restricts: boolean
  where: Named | null
  proposed: string | null
  ordered: string | null
  started: string | null
  ended: string | null
  until: string | null
  order_by: Named | null
  persons: number
  signed: number
  may_sign: boolean
  site: PlaceRef | null
  subject: SubjectRef
}
export interface MeasureDetail extends Measure {
  people: number
  why: string
  basis: string | null
  voluntary: boolean
  provide: Named[]
  milder: { measure: Named | null; reason: string } | null
  review: { days: number } | null
  objection: { to: Named | null; answered_within_minutes: number } | null
  ended_how: Named | null
  signers: { name?: string; at?: string; account?: number }[]
}
export interface Decision {
  kind: string
  text: string
  why: string
  at: string
  until: string | null
}
export interface StoryFact {
  uid: string | null
  fact: number
  kind: Named
  happened: string
  day_only: boolean
  known: string
  recorded: string
  withdrawn: boolean
  until: string | null
  word?: Named | null
  test?: Named | null
  outcome?: Named | null
  value?: number
  temperature?: number
  note?: string | null
  other?: SubjectRef | null
  account: number
  record?: FactRecord // as it was sent: for who may correct it
}
/** A record's fields, as the API takes them. */
export interface FactRecord {
  until: string | null
  known: string | null
  about: string | null
  word: string | null
  test: string | null
  outcome: string | null
  protection: string | null
  value: number | null
  name: string | null
  flags: string | null
  note: string | null
}
export interface Story {
  person: SubjectRef
  as_known: string | null
  enrolments: { enrolment: number; pathway: Named; stage: Named; final: Named; opened: string; ended: string | null; decisions: Decision[] }[]
  facts: StoryFact[]
  more: boolean
}
