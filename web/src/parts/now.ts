// The time, once a quarter of a minute; in the demo it is the demo's.
import { ref } from 'vue'
import { get } from '@/api/client'
import { setZone } from './time'

export const now = ref(Date.now())
let offset = 0
let speed = 1
let since = Date.now()

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
  } catch {
    // as it was
  }
}
