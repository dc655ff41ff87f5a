// The tour through the demo: where it is. What it says stands in Tour.vue, which is fetched only when somebody takes it.
import { reactive } from 'vue'

const kept = 'tour'
const was = Number(localStorage.getItem(kept) ?? 0)
const going = 'tour-on' // over a page that is opened anew, in this tab
export const tour = reactive({ on: sessionStorage.getItem(going) !== null, step: Number.isInteger(was) && was > 0 ? was : 0 })

export function startTour(step = 0): void {
  tour.step = step
  tour.on = true
  sessionStorage.setItem(going, '')
}
export function keepTour(step: number): void {
  tour.step = step
  if (step > 0) localStorage.setItem(kept, String(step))
  else localStorage.removeItem(kept)
}
/** Left, to be resumed from the same step. */
export function leaveTour(): void {
  tour.on = false
  sessionStorage.removeItem(going)
}
