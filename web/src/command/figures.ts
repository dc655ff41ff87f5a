// The figures as the server counts them.
export interface Named {
  word: string
  label: string
}
export interface PlaceRef {
  uid: string
  name: string
  name_en?: string | null
}
export interface PlaceFigures {
  place: PlaceRef | null
  cases: number
  cases_7d: number
  contacts_open: number
  measures_in_force: number
  tasks_open: number
  tasks_due_today: number
  tasks_overdue: number
  tasks_done_today: number
  tasks_done_in_time: number
}
export interface Alarm {
  enrolment: number
  pathway: Named
  opened: string
  minutes: number
  lapses: string
  ended: string | null
  final: Named | null
  place: PlaceRef | null
  subject: { uid: string; name: string | null } | null
  samples: { specimen: Named | null; taken: string | null; resulted: string | null; outcome: Named | null }[]
  tasks: { task: number; what: Named | string; opened: string; deadline: string | null; closed: string | null; done: boolean; overdue: boolean }[]
  measures: { measure: number; what: Named | string; proposed: string | null; ordered: string | null; started: string | null; ended: string | null }[]
  zones: { what: Named | string; opened: string | null; ended: string | null }[]
}
export interface Figures {
  at: string
  today: string
  place: PlaceRef | null
  decide: {
    unlisted: { cases: number; of: number; days: number }
    delay: { days: number; of: number; steps: { step: Named; cases: number; median_h: number | null; p90_h: number | null }[]; slowest: Named | null }
    follow_up: { open: number; seen_today: number; never_seen: number; lost: number }
    growth: { days: number; cases: number; rate: number | null; low?: number; high?: number; doubling_days?: number | null }
    restricted: { in_force: number; ends_by_tomorrow: number; unsigned: number; unsigned_late: number; objections: number; objections_late: number }
  }
  curve: { first: string; onset: number[]; report: number[]; onset_unknown: number }
  cases: { class: Named; all: number; open: number; today: number }[]
  tasks: { verb: Named; open: number; due_today: number; overdue: number; done_today: number; done_in_time: number }[]
  measures: { kind: Named; in_force: number; unsigned: number }[]
  places: PlaceFigures[]
  counted: { rule: string; value: number | null; label: string; source: string }[]
  alarms: Alarm[]
}
export const layers = ['cases_7d', 'cases', 'contacts_open', 'tasks_overdue', 'measures_in_force'] as const
export type Layer = (typeof layers)[number]
export const layerWord = { cases_7d: 'cmdCases7', cases: 'cmdCases', contacts_open: 'cmdContacts', tasks_overdue: 'cmdOverdue', measures_in_force: 'cmdInForce' } as const

/** Levels of a map from wide to narrow; each is tried below the one before. */
export const levels = ['district', 'subdistrict', 'community', 'estate', 'building'] as const
export type Level = (typeof levels)[number]

export interface Shape {
  uid: string
  name: string
  name_en: string | null
  latitude: number | null
  longitude: number | null
  shape: string | null
}
