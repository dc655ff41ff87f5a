// A map of our own, without tiles: shapes and points on a canvas, coloured by a number, moved and zoomed with hand and keys.
import type { Shape } from './figures'

type Ring = [number, number][]
export interface MapPlace {
  uid: string
  name: string
  rings: Ring[] // longitude, latitude
  x: number // where its name stands
  y: number
}

function ringsOf(text: string | null): Ring[] {
  if (!text) return []
  try {
    const g = JSON.parse(text) as { type?: string; coordinates?: unknown; geometry?: unknown }
    const shape = (g.type === 'Feature' ? g.geometry : g) as { type?: string; coordinates?: unknown }
    if (shape.type === 'Polygon') return shape.coordinates as Ring[]
    if (shape.type === 'MultiPolygon') return (shape.coordinates as Ring[][]).flat()
  } catch {
    // a shape nobody can read is a point
  }
  return []
}
export function mapPlaces(items: Shape[], english: boolean): MapPlace[] {
  return items.flatMap((s) => {
    const rings = ringsOf(s.shape)
    const first = rings[0]
    if (!first && (s.latitude === null || s.longitude === null)) return []
    const x = s.longitude ?? first!.reduce((n, p) => n + p[0], 0) / first!.length
    const y = s.latitude ?? first!.reduce((n, p) => n + p[1], 0) / first!.length
    return [{ uid: s.uid, name: english && s.name_en ? s.name_en : s.name, rings, x, y }]
  })
}

export interface MapLook {
  value: (uid: string) => number
  colour: (value: number, most: number) => string
  ink: string
  line: string
  focus: string
  ground: string
  font: string
}

export interface MapCanvas {
  show: (places: MapPlace[], look: MapLook) => void
  draw: () => void
  zoom: (by: number) => void
  all: () => void
  choose: (uid: string | null) => void
  frames: () => number
  close: () => void
}

/** `picked`: a place was clicked; `over`: the pointer or the keys are on it. */
export function mapCanvas(canvas: HTMLCanvasElement, picked: (uid: string) => void, over: (uid: string | null, x: number, y: number) => void): MapCanvas {
  const pen = canvas.getContext('2d')!
  let places: MapPlace[] = []
  let look: MapLook | null = null
  let width = 0
  let height = 0
  let scale = 1 // pixels a degree of latitude
  let east = 0 // what is in the middle
  let north = 0
  let squeeze = 1 // a degree of longitude is shorter than one of latitude
  let fitted = ''
  let chosen: string | null = null
  let asked = 0
  let frames = 0

  const px = (lon: number): number => width / 2 + (lon - east) * squeeze * scale
  const py = (lat: number): number => height / 2 - (lat - north) * scale
  function fit(): void {
    let [w, e, s, n] = [Infinity, -Infinity, Infinity, -Infinity]
    for (const p of places)
      for (const [x, y] of p.rings.length ? p.rings.flat() : [[p.x, p.y] as [number, number]]) {
        w = Math.min(w, x)
        e = Math.max(e, x)
        s = Math.min(s, y)
        n = Math.max(n, y)
      }
    if (!Number.isFinite(w) || width === 0) return
    north = (s + n) / 2
    east = (w + e) / 2
    squeeze = Math.cos((north * Math.PI) / 180)
    scale = 0.92 * Math.min(width / Math.max((e - w) * squeeze, 1e-4), height / Math.max(n - s, 1e-4))
  }
  function path(p: MapPlace): void {
    pen.beginPath()
    if (!p.rings.length) pen.arc(px(p.x), py(p.y), 7, 0, 2 * Math.PI)
    for (const ring of p.rings) {
      ring.forEach(([x, y], i) => (i === 0 ? pen.moveTo(px(x), py(y)) : pen.lineTo(px(x), py(y))))
      pen.closePath()
    }
  }
  function wide(p: MapPlace): number {
    if (!p.rings.length) return 60
    const xs = p.rings[0]!.map(([x]) => px(x))
    return Math.max(...xs) - Math.min(...xs)
  }
  // The name in one line or two, and the number; what has no room is left out and shows when it is pointed at.
  function label(p: MapPlace, value: number): void {
    const room = wide(p) - 8
    const cut = p.name.lastIndexOf(' ')
    const fits = (t: string): boolean => pen.measureText(t).width <= room
    const lines = fits(p.name) ? [p.name] : cut > 0 && fits(p.name.slice(0, cut)) && fits(p.name.slice(cut + 1)) ? [p.name.slice(0, cut), p.name.slice(cut + 1)] : []
    pen.fillStyle = look!.ink
    pen.textAlign = 'center'
    const top = py(p.y) + (lines.length ? 5 - 8 * lines.length : 5)
    lines.forEach((t, i) => pen.fillText(t, px(p.x), top + 16 * i))
    if (value > 0 && room > 14) {
      pen.font = 'bold ' + look!.font
      pen.fillText(String(value), px(p.x), top + 16 * lines.length)
      pen.font = look!.font
    }
  }
  function paint(): void {
    asked = 0
    frames++
    if (!look) return
    const ratio = devicePixelRatio || 1
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    pen.fillStyle = look.ground
    pen.fillRect(0, 0, width, height)
    const most = Math.max(1, ...places.map((p) => look!.value(p.uid)))
    pen.lineJoin = 'round'
    for (const p of places) {
      path(p)
      pen.fillStyle = look.colour(look.value(p.uid), most)
      pen.fill('evenodd')
      pen.strokeStyle = look.line
      pen.lineWidth = 1
      pen.stroke()
    }
    pen.font = look.font
    for (const p of places) label(p, look.value(p.uid))
    const mark = places.find((p) => p.uid === chosen)
    if (mark) {
      path(mark)
      pen.strokeStyle = look.focus
      pen.lineWidth = 3
      pen.stroke()
    }
  }
  function draw(): void {
    if (!asked) asked = requestAnimationFrame(paint)
  }
  function size(): void {
    const box = canvas.getBoundingClientRect()
    if (box.width === 0) return
    const ratio = devicePixelRatio || 1
    const first = width === 0
    width = box.width
    height = box.height
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    if (first) fit()
    draw()
  }
  function at(x: number, y: number): MapPlace | null {
    pen.setTransform(1, 0, 0, 1, 0, 0)
    for (let i = places.length - 1; i >= 0; i--) {
      path(places[i]!)
      if (pen.isPointInPath(x, y, 'evenodd')) return places[i]!
    }
    return null
  }
  function zoomAt(by: number, x: number, y: number): void {
    const lon = east + (x - width / 2) / (squeeze * scale)
    const lat = north - (y - height / 2) / scale
    scale = Math.min(5e6, Math.max(20, scale * by))
    east = lon - (x - width / 2) / (squeeze * scale)
    north = lat + (y - height / 2) / scale
    draw()
  }

  const down = new Map<number, { x: number; y: number }>()
  let moved = false
  const local = (e: PointerEvent | WheelEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect()
    return { x: e.clientX - box.left, y: e.clientY - box.top }
  }
  function pressed(e: PointerEvent): void {
    down.set(e.pointerId, local(e))
    moved = false
    canvas.setPointerCapture(e.pointerId)
  }
  function dragged(e: PointerEvent): void {
    const now = local(e)
    const before = down.get(e.pointerId)
    if (!before) {
      const p = at(now.x, now.y)
      canvas.style.cursor = p ? 'pointer' : 'grab'
      over(p?.uid ?? null, now.x, now.y)
      return
    }
    if (down.size === 2) {
      const other = [...down].find(([id]) => id !== e.pointerId)![1]
      const was = Math.hypot(before.x - other.x, before.y - other.y)
      const is = Math.hypot(now.x - other.x, now.y - other.y)
      if (was > 0) zoomAt(is / was, (now.x + other.x) / 2, (now.y + other.y) / 2)
      moved = true
    } else if (moved || Math.hypot(now.x - before.x, now.y - before.y) > 4) {
      moved = true
      east -= (now.x - before.x) / (squeeze * scale)
      north += (now.y - before.y) / scale
      draw()
    } else return
    down.set(e.pointerId, now)
  }
  function lifted(e: PointerEvent): void {
    const was = down.delete(e.pointerId)
    if (!was || moved || e.type === 'pointercancel') return
    const here = local(e)
    const p = at(here.x, here.y)
    if (p) picked(p.uid)
  }
  const left = (): void => over(null, 0, 0)
  function wheeled(e: WheelEvent): void {
    e.preventDefault()
    const here = local(e)
    zoomAt(Math.exp(-e.deltaY / 400), here.x, here.y)
  }
  function keyed(e: KeyboardEvent): void {
    const step = 60
    if (e.key === 'ArrowLeft') east -= step / (squeeze * scale)
    else if (e.key === 'ArrowRight') east += step / (squeeze * scale)
    else if (e.key === 'ArrowUp') north += step / scale
    else if (e.key === 'ArrowDown') north -= step / scale
    else if (e.key === '+' || e.key === '=') zoomAt(1.4, width / 2, height / 2)
    else if (e.key === '-') zoomAt(1 / 1.4, width / 2, height / 2)
    else if (e.key === '0') fit()
    else return
    e.preventDefault()
    draw()
  }
  canvas.addEventListener('pointerdown', pressed)
  canvas.addEventListener('pointermove', dragged)
  canvas.addEventListener('pointerup', lifted)
  canvas.addEventListener('pointercancel', lifted)
  canvas.addEventListener('pointerleave', left)
  canvas.addEventListener('wheel', wheeled, { passive: false })
  canvas.addEventListener('keydown', keyed)
  const sized = new ResizeObserver(size)
  sized.observe(canvas)
  return {
    show(p, l) {
      places = p
      look = l
      const key = p.map((i) => i.uid).join()
      if (key !== fitted) {
        fitted = key
        fit()
      }
      draw()
    },
    draw,
    zoom: (by) => zoomAt(by, width / 2, height / 2),
    all() {
      fit()
      draw()
    },
    choose(uid) {
      chosen = uid
      draw()
    },
    frames: () => frames,
    close() {
      sized.disconnect()
      if (asked) cancelAnimationFrame(asked)
      canvas.removeEventListener('keydown', keyed)
    },
  }
}
