// Draws a laid-out graph on a canvas: only what is in view, in few strokes, so that tens of thousands of nodes move smoothly
// without a graphics card. Nodes can be dragged; what is picked is told to the page.
import { dayWidth, NodeKind, type Graph, type Layout } from './graph'

export interface Look {
  ground: string
  ink: string
  line: string
  kind: string[] // by NodeKind
}
export interface View {
  x: number // world coordinates of the upper left corner
  y: number
  scale: number
}

const cell = 256

export class ChainCanvas {
  private layout: Layout | null = null
  private graph: Graph | null = null
  private cells = new Map<number, number[]>()
  private view: View = { x: 0, y: 0, scale: 1 }
  private asked = false
  private shown = new Uint8Array(0) // by node: inside the date filter
  private picked = -1
  private pointers = new Map<number, { x: number; y: number }>()
  private dragging = -1
  private moved = false
  private gone = false
  private layer = { canvas: document.createElement('canvas'), x: 0, y: 0, wide: 0, high: 0, scale: 0, ratio: 1, stale: true }

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private look: Look,
    private readonly onPick: (node: number) => void,
    private readonly dayName: (day: number) => string,
  ) {
    canvas.addEventListener('pointerdown', this.down)
    canvas.addEventListener('pointermove', this.move)
    canvas.addEventListener('pointerup', this.up)
    canvas.addEventListener('pointercancel', this.up)
    canvas.addEventListener('wheel', this.wheel, { passive: false })
    canvas.addEventListener('keydown', this.key)
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(canvas)
  }
  private readonly observer: ResizeObserver

  close(): void {
    this.gone = true
    this.observer.disconnect()
  }

  setLook(look: Look): void {
    this.look = look
    this.renew()
  }

  show(graph: Graph, layout: Layout): void {
    const fresh = this.layout?.mode !== layout.mode || this.graph?.count !== graph.count
    this.graph = graph
    this.layout = layout
    if (this.shown.length !== graph.count) this.shown = new Uint8Array(graph.count).fill(1)
    this.cells.clear()
    for (let i = 0; i < graph.count; i++) this.put(i)
    if (fresh) this.fit()
    this.renew()
  }

  filter(shown: Uint8Array): void {
    this.shown = shown
    this.renew()
  }

  pick(node: number): void {
    this.picked = node
    this.ask()
  }

  centre(node: number): void {
    if (!this.layout) return
    this.view.scale = Math.max(this.view.scale, 1)
    this.view.x = this.layout.x[node]! - this.canvas.clientWidth / 2 / this.view.scale
    this.view.y = this.layout.y[node]! - this.canvas.clientHeight / 2 / this.view.scale
    this.pick(node)
  }

  fit(): void {
    if (!this.layout) return
    const wide = this.canvas.clientWidth || 800
    const high = this.canvas.clientHeight || 600
    const whole = Math.min(wide / (this.layout.width + 60), high / (this.layout.height + 60))
    // A very long time line would be a hair: then its beginning is shown, as wide as the window.
    this.view.scale = this.layout.mode === 'time' ? Math.max(whole, Math.min(1, wide / (this.layout.width + 60)) * 0.98) : Math.min(2, whole)
    const tree = this.layout.mode === 'tree'
    this.view.x = tree ? (this.layout.width - wide / this.view.scale) / 2 : -30
    this.view.y = tree ? (this.layout.height - high / this.view.scale) / 2 : -40 / this.view.scale
    this.ask()
  }

  zoom(by: number, atX = this.canvas.clientWidth / 2, atY = this.canvas.clientHeight / 2): void {
    const scale = Math.min(8, Math.max(0.01, this.view.scale * by))
    this.view.x += atX / this.view.scale - atX / scale
    this.view.y += atY / this.view.scale - atY / scale
    this.view.scale = scale
    this.ask()
  }

  private put(i: number): void {
    const key = this.keyOf(this.layout!.x[i]!, this.layout!.y[i]!)
    const here = this.cells.get(key)
    if (here) here.push(i)
    else this.cells.set(key, [i])
  }
  private keyOf(x: number, y: number): number {
    return (Math.floor(x / cell) + 40_000) * 100_000 + Math.floor(y / cell) + 40_000
  }

  private resize(): void {
    const ratio = Math.min(2, devicePixelRatio)
    this.canvas.width = Math.round(this.canvas.clientWidth * ratio)
    this.canvas.height = Math.round(this.canvas.clientHeight * ratio)
    this.ask()
  }

  /** Something other than the position has changed. */
  private renew(): void {
    this.layer.stale = true
    this.ask()
  }

  private ask(): void {
    if (this.asked || this.gone) return
    this.asked = true
    requestAnimationFrame(() => {
      this.asked = false
      if (!this.gone) this.draw()
    })
  }

  // Links and nodes are painted on a layer somewhat larger than the window. While the graph is moved the layer is only shifted,
  // and painted anew when the window leaves it, or anything but the position has changed.
  private paint(left: number, top: number, wide: number, high: number, ratio: number): void {
    const { scale } = this.view
    const margin = this.layer.scale === scale ? 0.25 : 0 // while zooming, no more than is seen
    Object.assign(this.layer, { x: left - wide * margin, y: top - high * margin, wide: wide * (1 + 2 * margin), high: high * (1 + 2 * margin), scale, ratio, stale: false })
    const { canvas, x: x0, y: y0 } = this.layer
    const pixels = [Math.ceil(this.layer.wide * scale * ratio), Math.ceil(this.layer.high * scale * ratio)] as const
    const c = canvas.getContext('2d')!
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels
    else {
      c.setTransform(1, 0, 0, 1, 0, 0)
      c.clearRect(0, 0, canvas.width, canvas.height)
    }
    c.setTransform(scale * ratio, 0, 0, scale * ratio, -x0 * scale * ratio, -y0 * scale * ratio)
    // Between chains they are many and long: faint, and underneath.
    c.globalAlpha = 0.25
    this.paintLinks(c, x0, y0, x0 + this.layer.wide, y0 + this.layer.high, false)
    c.globalAlpha = 1
    this.paintLinks(c, x0, y0, x0 + this.layer.wide, y0 + this.layer.high, true)
    this.paintNodes(c, x0, y0, x0 + this.layer.wide, y0 + this.layer.high)
  }

  // One path; those wholly on one side of the window are left out, and those shorter than a pixel.
  private paintLinks(c: CanvasRenderingContext2D, left: number, top: number, right: number, bottom: number, within: boolean): void {
    const { x, y, chain } = this.layout!
    const g = this.graph!
    const { scale } = this.view
    const least = 1 / scale
    c.beginPath()
    for (let k = 0; k < g.linkCount; k++) {
      const a = g.from[k]!
      const b = g.to[k]!
      if ((chain[a] === chain[b]) !== within || !this.shown[a] || !this.shown[b]) continue
      const ax = x[a]!
      const ay = y[a]!
      const bx = x[b]!
      const by = y[b]!
      if ((ax < left && bx < left) || (ax > right && bx > right) || (ay < top && by < top) || (ay > bottom && by > bottom)) continue
      if (Math.abs(ax - bx) < least && Math.abs(ay - by) < least) continue
      c.moveTo(ax, ay)
      c.lineTo(bx, by)
    }
    c.lineWidth = Math.max(1 / scale, 0.6)
    c.strokeStyle = this.look.line
    c.stroke()
  }

  // By kind, one fill each. Far away a square is enough and far cheaper than a circle.
  private paintNodes(c: CanvasRenderingContext2D, left: number, top: number, right: number, bottom: number): void {
    const { x, y, radius } = this.layout!
    const g = this.graph!
    const { scale } = this.view
    const small = scale < 0.5
    const kinds: number[][] = this.look.kind.map(() => [])
    this.inView(left, top, right, bottom, (i) => kinds[g.kind[i]!]!.push(i))
    for (let kind = kinds.length - 1; kind >= 0; kind--) {
      const list = kinds[kind]!
      if (!list.length) continue
      c.fillStyle = this.look.kind[kind]!
      c.beginPath()
      for (const i of list) {
        const r = Math.max(radius[i]!, (kind === NodeKind.Contact ? 0.7 : 1.3) / scale)
        if (small) c.rect(x[i]! - r, y[i]! - r, 2 * r, 2 * r)
        else {
          c.moveTo(x[i]! + r, y[i]!)
          c.arc(x[i]!, y[i]!, r, 0, 2 * Math.PI)
        }
      }
      c.fill()
    }
  }

  private paintPicked(c: CanvasRenderingContext2D): void {
    const { x, y, radius } = this.layout!
    const g = this.graph!
    const { scale } = this.view
    const i = this.picked
    c.beginPath()
    for (let k = 0; k < g.linkCount; k++)
      if (g.from[k] === i || g.to[k] === i) {
        c.moveTo(x[g.from[k]!]!, y[g.from[k]!]!)
        c.lineTo(x[g.to[k]!]!, y[g.to[k]!]!)
      }
    c.lineWidth = Math.max(2 / scale, 1)
    c.strokeStyle = this.look.ink
    c.stroke()
    c.beginPath()
    c.arc(x[i]!, y[i]!, radius[i]! + 4 / scale, 0, 2 * Math.PI)
    c.stroke()
  }

  private draw(): void {
    const c = this.canvas.getContext('2d', { alpha: false })
    if (!c || !this.graph || !this.layout) return
    const { scale } = this.view
    const ratio = this.canvas.width / Math.max(1, this.canvas.clientWidth)
    const left = this.view.x
    const top = this.view.y
    const wide = this.canvas.clientWidth / scale
    const high = this.canvas.clientHeight / scale
    c.setTransform(1, 0, 0, 1, 0, 0)
    c.fillStyle = this.look.ground
    c.fillRect(0, 0, this.canvas.width, this.canvas.height)
    const l = this.layer
    const inside = left >= l.x && top >= l.y && left + wide <= l.x + l.wide && top + high <= l.y + l.high
    if (l.stale || !inside || l.scale !== scale || l.ratio !== ratio) this.paint(left, top, wide, high, ratio)
    c.setTransform(scale * ratio, 0, 0, scale * ratio, -left * scale * ratio, -top * scale * ratio)
    if (this.layout.mode === 'time') this.drawDays(c, left, left + wide, top, top + high)
    c.setTransform(1, 0, 0, 1, 0, 0)
    c.drawImage(l.canvas, Math.round((l.x - left) * scale * ratio), Math.round((l.y - top) * scale * ratio))
    c.setTransform(scale * ratio, 0, 0, scale * ratio, -left * scale * ratio, -top * scale * ratio)
    if (this.picked >= 0) this.paintPicked(c)
  }

  private drawDays(c: CanvasRenderingContext2D, left: number, right: number, top: number, bottom: number): void {
    const { scale } = this.view
    const every = [1, 2, 7, 14, 28, 91, 182, 364].find((n) => n * dayWidth * scale > 74) ?? 728
    const first = Math.floor(left / dayWidth / every) * every
    c.lineWidth = 1 / scale
    c.strokeStyle = this.look.line
    c.globalAlpha = 0.5
    c.beginPath()
    for (let d = first; d * dayWidth < right; d += every) {
      c.moveTo(d * dayWidth, top)
      c.lineTo(d * dayWidth, bottom)
    }
    c.stroke()
    c.globalAlpha = 1
    c.fillStyle = this.look.ink
    c.font = `${12 / scale}px sans-serif`
    for (let d = first; d * dayWidth < right; d += every) c.fillText(this.dayName(this.layout!.firstDay + d), d * dayWidth + 4 / scale, top + 16 / scale)
  }

  private inView(left: number, top: number, right: number, bottom: number, found: (i: number) => void): void {
    const x0 = Math.floor(left / cell) - 1
    const x1 = Math.floor(right / cell) + 1
    const y0 = Math.floor(top / cell) - 1
    const y1 = Math.floor(bottom / cell) + 1
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > this.cells.size) {
      for (const here of this.cells.values()) for (const i of here) if (this.shown[i]) found(i)
      return
    }
    for (let cx = x0; cx <= x1; cx++)
      for (let cy = y0; cy <= y1; cy++) {
        const here = this.cells.get((cx + 40_000) * 100_000 + cy + 40_000)
        if (here) for (const i of here) if (this.shown[i]) found(i)
      }
  }

  private at(event: { offsetX: number; offsetY: number }): number {
    if (!this.layout) return -1
    const wx = this.view.x + event.offsetX / this.view.scale
    const wy = this.view.y + event.offsetY / this.view.scale
    const near = 8 / this.view.scale
    let best = -1
    let bestDistance = Infinity
    this.inView(wx - near, wy - near, wx + near, wy + near, (i) => {
      const d = Math.hypot(this.layout!.x[i]! - wx, this.layout!.y[i]! - wy) - this.layout!.radius[i]!
      if (d < near && d < bestDistance) {
        best = i
        bestDistance = d
      }
    })
    return best
  }

  private down = (e: PointerEvent): void => {
    this.canvas.setPointerCapture(e.pointerId)
    this.pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY })
    this.moved = false
    if (this.pointers.size === 1) this.dragging = this.at(e)
  }
  private move = (e: PointerEvent): void => {
    const before = this.pointers.get(e.pointerId)
    if (!before || !this.layout) return
    const dx = e.offsetX - before.x
    const dy = e.offsetY - before.y
    if (Math.abs(dx) + Math.abs(dy) > 2) this.moved = true
    if (this.pointers.size === 2) {
      const other = [...this.pointers].find(([id]) => id !== e.pointerId)![1]
      const was = Math.hypot(before.x - other.x, before.y - other.y)
      const is = Math.hypot(e.offsetX - other.x, e.offsetY - other.y)
      if (was > 0) this.zoom(is / was, (e.offsetX + other.x) / 2, (e.offsetY + other.y) / 2)
    } else if (this.dragging >= 0) {
      const i = this.dragging
      const here = this.cells.get(this.keyOf(this.layout.x[i]!, this.layout.y[i]!))
      here?.splice(here.indexOf(i), 1)
      this.layout.x[i]! += dx / this.view.scale
      this.layout.y[i]! += dy / this.view.scale
      this.put(i)
      this.layer.stale = true
    } else {
      this.view.x -= dx / this.view.scale
      this.view.y -= dy / this.view.scale
    }
    this.pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY })
    this.ask()
  }
  private up = (e: PointerEvent): void => {
    this.pointers.delete(e.pointerId)
    if (!this.moved && e.type === 'pointerup') {
      this.picked = this.at(e)
      this.onPick(this.picked)
      this.ask()
    }
    this.dragging = -1
  }
  private wheel = (e: WheelEvent): void => {
    e.preventDefault()
    this.zoom(Math.exp(-e.deltaY * 0.0015), e.offsetX, e.offsetY)
  }
  private key = (e: KeyboardEvent): void => {
    const by = 60 / this.view.scale
    const step: Record<string, () => void> = {
      ArrowLeft: () => (this.view.x -= by),
      ArrowRight: () => (this.view.x += by),
      ArrowUp: () => (this.view.y -= by),
      ArrowDown: () => (this.view.y += by),
      '+': () => this.zoom(1.25),
      '=': () => this.zoom(1.25),
      '-': () => this.zoom(0.8),
      '0': () => this.fit(),
    }
    const act = step[e.key]
    if (!act) return
    e.preventDefault()
    act()
    this.ask()
  }
}
