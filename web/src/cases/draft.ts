// What is being typed is kept on the device, and is there again when the page is opened again; sending or discarding ends it.
// Signing out wipes it with everything else that is kept.
import { onUnmounted, ref, watch, type Ref } from 'vue'
import { keep, recall } from '@/api/outbox'
import { session } from '@/api/session'

export interface Draft {
  found: Ref<boolean> // something was taken up again
  clear: () => Promise<void>
}

/** `empty` says what a fresh form looks like; `state` is filled from what was kept, once. */
export function useDraft<T extends object>(name: string, state: T, empty: () => T): Draft {
  const found = ref(false)
  let ready = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const fresh = JSON.stringify(empty())
  const key = `draft-${session.me?.id ?? 0}-${name}`
  const save = (): void => {
    clearTimeout(timer)
    timer = undefined
    const now = JSON.stringify(state)
    void keep(key, now === fresh ? null : JSON.parse(now))
  }
  void recall<T | null>(key).then((kept) => {
    if (kept && typeof kept === 'object') {
      Object.assign(state, empty(), kept)
      found.value = true
    }
    ready = true
  })
  watch(
    () => state,
    () => {
      if (!ready) return
      clearTimeout(timer)
      timer = setTimeout(save, 250)
    },
    { deep: true },
  )
  const hidden = (): void => {
    if (timer !== undefined) save()
  }
  document.addEventListener('visibilitychange', hidden)
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', hidden)
    hidden()
  })
  return {
    found,
    async clear() {
      found.value = false
      Object.assign(state, empty())
      clearTimeout(timer)
      timer = undefined
      await keep(key, null)
      clearTimeout(timer) // of the change above
      timer = undefined
    },
  }
}
