// The pages, who sees them in the menu, and where a person lands. The server decides what may be read; this only spares
// people doors that would not open.
import { may, session } from '@/api/session'

export interface Entry {
  name: string
  path: string
  word: 'tasks' | 'people' | 'places' | 'cases' | 'contacts' | 'followUp' | 'samples' | 'chains' | 'command' | 'orders' | 'objections' | 'handOvers' | 'protocol' | 'imports' | 'duplicates' | 'accounts' | 'audit' | 'held' | 'mine'
  icon: string // path data on a 24x24 grid, drawn with strokes
  open: () => boolean
}

export const menu: Entry[] = [
  { name: 'tasks', path: '/tasks', word: 'tasks', icon: 'M9 11l3 3 8-8M20 12v7a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9', open: () => may('task_do') },
  { name: 'command', path: '/command', word: 'command', icon: 'M4 20V10M10 20V4M16 20v-7M22 20H2', open: () => may('figures_see') },
  { name: 'orders', path: '/orders', word: 'orders', icon: 'M6 3h9l4 4v14H6zM15 3v4h4M9 13h7M9 17h5', open: () => may('order_see') },
  { name: 'cases', path: '/cases', word: 'cases', icon: 'M12 4v16M4 12h16M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20', open: () => may('case_see') },
  { name: 'contacts', path: '/contacts', word: 'contacts', icon: 'M8 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M2 21c0-4 3-6 6-6s6 2 6 6M16 11a3 3 0 1 0-1-6M17 15c3 0 5 2 5 6', open: () => may('contact_see') },
  { name: 'followUp', path: '/follow-up', word: 'followUp', icon: 'M4 5h16v15H4zM4 9h16M8 3v4M16 3v4M8 14l3 3 5-5', open: () => may('contact_see') },
  { name: 'samples', path: '/samples', word: 'samples', icon: 'M9 3h6M10 3v12a4 4 0 0 0 4 4M14 3v12a4 4 0 0 1-4 4M10 11h4', open: () => may('sample_see') },
  { name: 'people', path: '/people', word: 'people', icon: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-4 4-7 8-7s8 3 8 7', open: () => may('person_find') },
  { name: 'places', path: '/places', word: 'places', icon: 'M12 21s7-6 7-12a7 7 0 0 0-14 0c0 6 7 12 7 12M12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4', open: () => may('place_see') },
  { name: 'chains', path: '/chains', word: 'chains', icon: 'M5 6a2 2 0 1 0 0-1M19 6a2 2 0 1 0 0-1M12 19a2 2 0 1 0 0-1M6 7l5 10M18 7l-5 10M7 5h10', open: () => may('source_see') },
  { name: 'protocol', path: '/protocol', word: 'protocol', icon: 'M4 5c3-1 6-1 8 1 2-2 5-2 8-1v14c-3-1-6-1-8 1-2-2-5-2-8-1zM12 6v14', open: () => may('protocol_see') },
  { name: 'imports', path: '/imports', word: 'imports', icon: 'M12 3v12M7 10l5 5 5-5M4 20h16', open: () => may('import') },
  { name: 'duplicates', path: '/duplicates', word: 'duplicates', icon: 'M8 8h12v12H8zM4 16V4h12', open: () => may('merge') },
  { name: 'accounts', path: '/accounts', word: 'accounts', icon: 'M12 2l8 4v6c0 5-4 8-8 10-4-2-8-5-8-10V6z', open: () => may('account_write') },
  { name: 'audit', path: '/audit', word: 'audit', icon: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l5 5M8 11h6', open: () => may('audit_see') },
  { name: 'objections', path: '/objections', word: 'objections', icon: 'M4 5h16v11H9l-5 4zM8 9h8M8 12h5', open: () => may('objection_see') },
  { name: 'hand-overs', path: '/hand-overs', word: 'handOvers', icon: 'M3 12h14M12 6l6 6-6 6M21 5v14', open: () => may('hand_over') },
  { name: 'held', path: '/held', word: 'held', icon: 'M4 12l4 4 6-8M12 15l2 2 6-8', open: () => may('confirm') },
  { name: 'mine', path: '/mine', word: 'mine', icon: 'M12 3l9 8v10H3V11z', open: () => session.me?.resident === true },
]

export function openPages(): Entry[] {
  return menu.filter((e) => e.open())
}

/** Where somebody lands: a resident with themselves, a commander with the response, everybody else with the next task. */
export function landing(): string {
  const pages = openPages()
  const roles = new Set(session.me?.grants.map((g) => g.role))
  const first = (name: string) => pages.find((p) => p.name === name)?.path
  if (roles.has('resident') && roles.size === 1) return first('mine') ?? '/nothing'
  if (['commander', 'district_command', 'city_command', 'epidemiologist'].some((r) => roles.has(r))) return first('command') ?? pages[0]?.path ?? '/nothing'
  return pages[0]?.path ?? '/nothing'
}
