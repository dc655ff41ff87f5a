// My tasks: shown at once as the device has them, then as the server does; what was just recorded is taken off the list at
// once. The pages of the next tasks are fetched while there is a network, so that a day's work can be done without one.
import { reactive, watch } from 'vue'
import { get, Problem, type Page } from '@/api/client'
import { drop, keep, keptKeys, recall, waitingPaths } from '@/api/outbox'
import { session } from '@/api/session'
import type { Task, TaskDetail } from './task'

const nothing = () => ({
  items: [] as Task[],
  total: 0,
  keptAt: null as number | null, // ms; set while what is shown comes from the device
  done: {} as Record<number, string>, // recorded here, perhaps not yet sent: what became of it
  read: false, // there is something to show, if only that there is nothing
  busy: false,
  fault: '',
})
export const tasks = reactive(nothing())
watch(
  () => session.me?.id,
  (is, was) => {
    if (was !== undefined && is !== was) Object.assign(tasks, nothing()) // the next person on this phone
  },
)

interface Kept {
  at: number
  items: Task[]
  total: number
  done: Record<number, string>
}
export const outcomePath = (n: number): string => `/tasks/${n}/outcome`
const key = 'my-tasks'
const most = 200
const first = 15
const mostKept = 150
const atOnce = 3

async function fromDevice(): Promise<boolean> {
  const kept = await recall<Kept>(key)
  if (!kept) return false
  if (!tasks.read) Object.assign(tasks, { items: kept.items, total: kept.total, done: { ...kept.done, ...tasks.done }, read: true })
  tasks.keptAt = kept.at
  return true
}

interface Read {
  items: Task[]
  total: number
}
// Those given to me, and those of my role that nobody has taken.
async function ofServer(limit: number): Promise<Read> {
  const [own, free] = await Promise.all(['me', 'role'].map((whose) => get<Page<Task>>('/tasks', { whose, sort: 'deadline', limit, count: true })))
  return {
    items: [...own!.items, ...free!.items].sort((a, b) => (a.deadline ?? '9').localeCompare(b.deadline ?? '9') || a.task - b.task),
    total: (own!.total ?? own!.items.length) + (free!.total ?? free!.items.length),
  }
}

export async function readTasks(): Promise<void> {
  if (tasks.busy) return
  tasks.busy = true
  tasks.fault = ''
  const whose = session.me?.id
  const device = tasks.read ? Promise.resolve(true) : fromDevice()
  try {
    const before = Object.keys(tasks.done).map(Number)
    const waiting = await waitingPaths()
    const take = (read: Read): boolean => {
      if (whose !== undefined && session.me?.id !== whose) return false
      Object.assign(tasks, read, { keptAt: null, read: true })
      // What the server has by now is as the server says: closed, or still to be done (nobody was there, or it was refused).
      for (const n of before) if (!waiting.has(outcomePath(n))) delete tasks.done[n]
      return true
    }
    // On a slow line the next ones first, where there is nothing yet to show.
    if (!(await device)) {
      if (!take(await ofServer(first))) return
      await keepTasks()
    }
    if (!take(await ofServer(most))) return
  } catch (e) {
    const kept = await device
    if (!(e instanceof Problem)) tasks.fault = String(e)
    else if (!e.offline) tasks.fault = e.detail || e.title
    else if (!kept) tasks.fault = 'silent'
    else await fromDevice()
    return
  } finally {
    tasks.busy = false
  }
  await keepTasks()
  void keepDetails()
}

function keepTasks(): Promise<unknown> {
  return keep(key, { at: Date.now(), items: tasks.items, total: tasks.total, done: tasks.done } satisfies Kept)
}

let keeping = false
async function keepDetails(): Promise<void> {
  if (keeping) return
  keeping = true
  try {
    const wanted = tasks.items.slice(0, mostKept).map((t) => t.task)
    const listed = new Set(tasks.items.map((t) => `task-${t.task}`))
    const there = new Set((await keptKeys()).filter((k) => k.startsWith('task-')))
    for (const k of there) if (!listed.has(k)) await drop(k) // done, or nobody's business any more
    const missing = wanted.filter((n) => !there.has(`task-${n}`))
    const one = async (): Promise<void> => {
      for (let n = missing.shift(); n !== undefined; n = missing.shift()) await keep(`task-${n}`, await get<TaskDetail>(`/tasks/${n}`))
    }
    await Promise.all(Array.from({ length: atOnce }, one))
  } catch {
    // the rest when there is a network again
  } finally {
    keeping = false
  }
}

/** The task as the device has it, and then as the server does. */
export async function readTask(n: number, show: (detail: TaskDetail) => void): Promise<void> {
  const kept = await recall<TaskDetail>(`task-${n}`)
  if (kept) show(kept)
  if (!tasks.read) await fromDevice() // opened by its address: what comes next is known all the same
  try {
    const detail = await get<TaskDetail>(`/tasks/${n}`)
    await keep(`task-${n}`, detail)
    show(detail)
  } catch (e) {
    if (!kept || !(e instanceof Problem) || !e.offline) throw e
  }
}

export function markDone(n: number, how: string): Promise<unknown> {
  tasks.done[n] = how
  return keepTasks()
}

/** The next open task after this one, in order of deadline. */
export function nextAfter(n: number): Task | undefined {
  return tasks.items.find((t) => t.task !== n && !tasks.done[t.task])
}

/** Where it is: the path of places, without those that enclose everything. */
export function pathOf(t: Task, whole: boolean): string {
  const path = t.path ?? [t.place?.name ?? t.subject?.place?.name ?? ''].filter(Boolean)
  return (whole ? path : path.slice(-3)).join(' › ')
}
