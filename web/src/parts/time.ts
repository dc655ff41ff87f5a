// Times as people say them, in the response's zone and the user's language.
import { language } from '@/i18n'

let zone: string | undefined
/** The zone of the response, from the server; an unknown name falls back to the device's. */
export function setZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    zone = name
  } catch {
    zone = undefined
  }
}
const locale = (): string => (language() === 'zh' ? 'zh-CN' : 'en-GB')

export function dayText(day: string | null | undefined, withWeekday = false): string {
  if (!day) return ''
  const at = new Date(day.slice(0, 10) + 'T00:00:00Z')
  return new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric', ...(withWeekday ? { weekday: 'short' } : {}) }).format(at)
}
export function timeText(instant: string | null | undefined): string {
  if (!instant) return ''
  return new Intl.DateTimeFormat(locale(), { timeZone: zone, month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant))
}
/** How long until (positive) or since (negative) an instant, in the largest fitting unit. */
export function untilText(instant: string, now: number): string {
  const seconds = (Date.parse(instant) - now) / 1000
  const size = Math.abs(seconds)
  const [unit, n]: [Intl.RelativeTimeFormatUnit, number] = size < 3600 ? ['minute', 60] : size < 48 * 3600 ? ['hour', 3600] : ['day', 86400]
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'always', style: 'short' }).format(Math.round(seconds / n), unit)
}
export function numberText(n: number | null | undefined): string {
  return n === null || n === undefined ? '–' : n.toLocaleString(locale())
}
export function percentText(part: number, whole: number): string {
  return whole > 0 ? new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(part / whole) : '–'
}

/** "2022-07-14T09:30" of an instant, on the clocks of the response: what an input of the browser takes. */
export function localText(ms: number): string {
  const part = Object.fromEntries(new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(ms)).map((p) => [p.type, p.value])) as Record<string, string>
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`
}
/** The day of an instant where the response is. */
export const localDay = (ms: number): string => localText(ms).slice(0, 10)
