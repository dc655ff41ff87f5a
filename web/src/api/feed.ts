// The live feed: what was committed within the reader's scope, as kinds and names; pages read again what they show.
/** `id`: the number of a task, measure, enrolment, edition or fact; `subject`: the uid of whom or what it is about. */
export type Change = { kind: string; id: number | null; subject: string | null }

/** Calls `then` at most once in `everyMs` while changes of these kinds arrive. Returns how to stop. */
export function follow(kinds: readonly string[] | null, then: () => void, everyMs = 1500): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let last = 0
  const wake = (): void => {
    if (timer) return
    timer = setTimeout(
      () => {
        timer = null
        last = Date.now()
        then()
      },
      Math.max(0, last + everyMs - Date.now()),
    )
  }
  const heard = (event: MessageEvent<string>): void => {
    const kind = event.type === 'change' ? (JSON.parse(event.data) as Change).kind : event.type
    if (!kinds || kinds.includes(kind)) wake()
  }
  const open = (): void => {
    source = new EventSource('/api/v1/feed')
    for (const type of ['change', 'reset']) source.addEventListener(type, heard as EventListener)
  }
  const seen = (): void => {
    if (document.visibilityState === 'hidden') {
      source?.close()
      source = null
    } else if (!source) {
      open()
      wake()
    }
  }
  document.addEventListener('visibilitychange', seen)
  open()
  return () => {
    document.removeEventListener('visibilitychange', seen)
    source?.close()
    if (timer) clearTimeout(timer)
  }
}
