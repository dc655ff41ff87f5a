// My tasks: read from the server, kept on the device, and what was just recorded taken off the list at once.
import { reactive } from 'vue'
import { get, Problem, type Page } from '@/api/client'
import { keep, recall } from '@/api/outbox'
import type { Task, TaskDetail } from './task'

export const tasks = reactive({
  items: [] as Task[],
  total: 0,
  keptAt: null as number | null, // ms; set while what is shown comes from the device
  done: {} as Record<number, string>, // recorded here, perhaps not yet sent: what became of it
  busy: false,
  fault: '',
})

interface Kept {
  at: number
  items: Task[]
  total: number
  done: Record<number, string>
}
const key = 'my-tasks'
const most = 200

export async function readTasks(): Promise<void> {
  tasks.busy = true
  tasks.fault = ''
  try {
    // Those given to me, and those of my role that nobody has taken.
    const [own, free] = await Promise.all(['me', 'role'].map((whose) => get<Page<Task>>('/tasks', { whose, sort: 'deadline', limit: most, count: true })))
    const page = { items: [...own!.items, ...free!.items].sort((a, b) => (a.deadline ?? '9').localeCompare(b.deadline ?? '9') || a.task - b.task) }
    tasks.items = page.items
    tasks.total = (own!.total ?? own!.items.length) + (free!.total ?? free!.items.length)
    tasks.keptAt = null
    const open = new Set(page.items.map((t) => t.task))
    for (const n of Object.keys(tasks.done)) if (!open.has(Number(n))) delete tasks.done[Number(n)]
    await keepTasks()
    void keepDetails(page.items.slice(0, 60))
  } catch (e) {
    const kept = await recall<Kept>(key)
    if (kept) Object.assign(tasks, { items: kept.items, total: kept.total, done: kept.done, keptAt: kept.at })
    if (!(e instanceof Problem) || !e.offline) tasks.fault = e instanceof Problem ? e.detail || e.title : String(e)
    else if (!kept) tasks.fault = 'silent'
  } finally {
    tasks.busy = false
  }
}

function keepTasks(): Promise<unknown> {
  return keep(key, { at: Date.now(), items: tasks.items, total: tasks.total, done: tasks.done } satisfies Kept)
}

// The details of the next tasks are fetched while there is a network, so that a day's work can be done without one.
async function keepDetails(items: Task[]): Promise<void> {
  for (const t of items) {
    if (await recall(`task-${t.task}-${t.deadline}`)) continue
    try {
      await keep(`task-${t.task}-${t.deadline}`, await get<TaskDetail>(`/tasks/${t.task}`))
    } catch {
      return
    }
  }
}

export async function readTask(n: number): Promise<TaskDetail> {
  const listed = tasks.items.find((t) => t.task === n)
  try {
    const detail = await get<TaskDetail>(`/tasks/${n}`)
    await keep(`task-${n}-${detail.deadline}`, detail)
    return detail
  } catch (e) {
    const kept = listed && (await recall<TaskDetail>(`task-${n}-${listed.deadline}`))
    if (kept && e instanceof Problem && e.offline) return kept
    throw e
  }
}

export function markDone(n: number, how: string): void {
  tasks.done[n] = how
  void keepTasks()
}

/** The next open task after this one, in order of deadline. */
export function nextAfter(n: number): Task | undefined {
  return tasks.items.find((t) => t.task !== n && !tasks.done[t.task])
}
