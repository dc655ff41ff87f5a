// The time, once a quarter of a minute; in the demo it is the demo's.
import { ref } from 'vue'
import { get } from '@/api/client'
import { setZone } from './time'

export const now = ref(Date.now())
let offset = 0
let speed = 1
let since = Date.now()

// Without a network the page must know the server's hour too: a wrong clock would date what is recorded.
const kept = 'clock'
try {
  const was = JSON.parse(localStorage.getItem(kept) ?? 'null') as { offset: number; since: number; speed: number; zone: string } | null
  if (was) {
    ;({ offset, since, speed } = was)
    setZone(was.zone)
    tick()
  }
} catch {
  // nothing kept
}

function tick(): void {
  now.value = since + offset + (Date.now() - since) * speed
}
setInterval(tick, 15_000)

/** Set by what the server says of itself; a phone with a wrong clock then still counts the server's hours. */
export async function readClock(): Promise<void> {
  try {
    const about = await get<{ now: string; speed: number; zone: string }>('/about')
    since = Date.now()
    offset = Date.parse(about.now) - since
    speed = about.speed
    setZone(about.zone)
    tick()
    localStorage.setItem(kept, JSON.stringify({ offset, since, speed, zone: about.zone }))
  } catch {
    // as it was
  }
}
