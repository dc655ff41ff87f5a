// What the server says of an edition.
export interface Named {
  word: string
  label: string
}
export type EditionState = 'proposed' | 'half_signed' | 'signed' | 'in_force' | 'over' | 'taken_back'
export interface Edition {
  edition: number
  state: EditionState
  proposed: string | null
  proposed_by: number
  first_signer: number
  second_signer: number
  begins: string | null
  ended: string | null
  name?: string
  label?: string
  from?: string | null
  until?: string | null
}
export interface EditionDetail extends Edition {
  pathways: { word: string; label: string; stages: Named[] }[]
}
export interface EditionList {
  items: Edition[]
  in_force: number
}
interface StageOf {
  pathway: Named
  stage: Named
}
export interface Affected {
  at: string
  change: Named
  moves: { from_edition: string; from: StageOf | null; how: Named; to: StageOf | null; count: number; measures_ended: number; measures_proposed: number; days_fewer: number }[]
  enrolments: number
  finish: number
  move: number
  released: number
  measures_ended: number
  measures_proposed: number
  days_fewer: number
}
export interface Check {
  good: boolean
  errors: number
  name?: string
  label?: string
  same_family?: boolean
  differences?: number
  problems: { severity: 'error' | 'warning' | 'note'; slug: string; line: number; column: number; path: string; text: string; remedy: string }[]
}
/** "2022-07-20T09:30" of an input, as the instant it means on this device. */
export function instantOf(local: string): string | undefined {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace(/\.\d+Z$/, 'Z')
}
/** The last day of an edition: the server names the day after it. */
export function lastDay(until: string): string {
  return new Date(Date.parse(until.slice(0, 10) + 'T00:00:00Z') - 86_400_000).toISOString().slice(0, 10)
}
