// The live feed: what was committed within the reader's scope, as kinds and numbers; pages read again what they show.
export type Change = { kind: string; id: number }

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
    if (!kinds || kinds.includes(event.type)) wake()
  }
  const open = (): void => {
    source = new EventSource('/api/v1/feed')
    for (const kind of ['message', 'fact', 'person', 'place', 'enrolment', 'task', 'measure', 'edition', 'reset']) source.addEventListener(kind, heard as EventListener)
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
