// What a case form still has to ask: everything that neither the registry nor the story of the person says yet, and that the
// protocol in force makes a difference of.
import { get } from '@/api/client'
import { askText } from '@/api/text'
import type { Story } from '@/desk/types'
import { attributes, classes, events } from './vocabulary'
import { fact, when, type FactRow, type PersonRecord } from './facts'

export const registryAsked = ['sex', 'born', 'phone', 'place', 'occupation', 'employer'] as const
export type RegistryField = (typeof registryAsked)[number] | 'guardian_name' | 'guardian_phone'

export interface CaseDraft {
  person: PersonRecord // as known, with what was typed over it
  existing: boolean // they were in the registry before
  nobodyKnows: boolean // no name, no papers
  onset: string
  class: string
  isolated: string
  admitted: string
  attributes: Record<string, string> // word: yes or no
  changing: string[] // known fields that were opened for a change
  note: string
}
export const emptyDraft = (uid: string): CaseDraft => ({ person: { uid }, existing: false, nobodyKnows: false, onset: '', class: '', isolated: '', admitted: '', attributes: {}, changing: [], note: '' })

export interface KnownLine {
  field: string
  word: string
  day?: string
  from: 'registry' | 'story'
}

/** The newest standing fact of a kind. */
export function standing(story: Story | null, kind: string): Story['facts'][number] | undefined {
  const found = (story?.facts ?? []).filter((f) => f.kind?.word === kind && !f.withdrawn)
  return found[found.length - 1]
}

let spoken: Promise<string> | null = null
/** Which attributes the edition in force has conditions on: the words that stand in its text outside of comments. */
export async function attributesAsked(): Promise<string[]> {
  spoken ??= get<{ edition: { id: number } | null }>('/about')
    .then((about) => (about.edition ? askText('GET', `/editions/${about.edition.id}/text`) : { text: '' }))
    .then((a) => a.text)
    .catch(() => '')
  const text = (await spoken).replace(/#.*$/gm, '')
  return attributes.keys.filter((word) => new RegExp(`\\b${word}\\b`).test(text))
}

/** Does the question make sense of this person? */
export function sensible(word: string, person: PersonRecord, age: number | null): boolean {
  if (word === 'pregnant' || word === 'breastfed') return word === 'pregnant' ? person.sex !== 'male' && (age === null || (age >= 11 && age <= 55)) : age === null || age <= 3
  if (word === 'vaccinated' || word === 'immunoglobulin' || word === 'chooses_site' || word === 'household_fit') return false // of contacts, at their door
  if (word === 'needs_carer') return age === null || age < 15 || age >= 60
  return true
}

/** The facts a draft says beyond what the story has; known ones that were changed replace what stood. */
export function factsOf(d: CaseDraft, story: Story | null, nowText: string): FactRow[] {
  const out: FactRow[] = []
  const subject = d.person.uid
  const note = d.note.trim() || undefined
  const replacing = (kind: string) => standing(story, kind)?.uid ?? undefined
  for (const [kind, day] of [['symptom', d.onset], ['isolated', d.isolated], ['admitted', d.admitted]] as const)
    if (day) out.push(fact(subject, kind, when(day).happened, { flags: when(day).flags, replaces: replacing(kind) }))
  for (const [word, said] of Object.entries(d.attributes)) if (said) out.push(fact(subject, 'attribute', nowText, { word, flags: said }))
  if (d.class) out.push(fact(subject, 'classified', nowText, { word: d.class, note }))
  return out
}
export const eventWord = (kind: string): string => events.say(kind)
export const classWord = (word: string): string => classes.say(word)
