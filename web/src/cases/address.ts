// Where a place is, in words: its parts from the community down to the door, as a letter would be addressed.
import { get } from '@/api/client'
import { language } from '@/i18n'

interface Part {
  uid: string
  name: string
  kind: string | { word?: string }
}
const above = ['nation', 'province', 'city', 'district']
export async function addressOf(uid: string): Promise<string> {
  const place = await get<Part & { within: Part[] }>(`/places/${uid}`)
  const kind = (p: Part): string => (typeof p.kind === 'string' ? p.kind : (p.kind.word ?? ''))
  const parts = [...place.within.filter((p) => !above.includes(kind(p))), place].map((p) => p.name)
  return language() === 'zh' ? parts.join('') : parts.reverse().join(', ')
}
