// Where each node stands. Pure functions, linear in nodes and links (but for sorting), so that 24,000 take a fraction of a
// second; run in a worker (layout.worker.ts).
//
// A case may have several links to it; the earliest infector is its parent in the drawing, the other links are drawn all the
// same. Cycles (bad data) are cut at the link that closes them.
//
// `time`: a row a person, columns are days; a chain's tree is laid out top down, its children directly below, as the time
// line of a line list is read. Contacts who are not cases are stacked in a block behind their case so that rows stay few.
// `tree`: every chain a radial tree (children share their parent's angle by the number of leaves: Eades 1992), the circles
// of the chains packed on shelves, the largest first.
import { dayWidth, NodeKind, unknownDay, type Graph, type Layout, type LayoutMode } from './graph'

interface Forest {
  parent: Int32Array
  first: Int32Array // first child, -1
  next: Int32Array // next sibling, -1
  roots: number[]
  size: Int32Array // nodes in the subtree
  order: Int32Array // parents before children
}

export function forest(g: Graph): Forest {
  const parent = new Int32Array(g.count).fill(-1)
  const when = (i: number) => (g.day[i] === unknownDay ? Infinity : g.day[i]!)
  for (let k = 0; k < g.linkCount; k++) {
    const from = g.from[k]!
    const to = g.to[k]!
    if (from === to) continue
    const old = parent[to]!
    if (old === -1 || when(from) < when(old)) parent[to] = from
  }
  // Cut cycles: walk up from each node, marking; a node met again on the same walk closes a cycle.
  const mark = new Int32Array(g.count)
  for (let i = 0; i < g.count; i++) {
    let at = i
    while (at !== -1 && mark[at] === 0) {
      mark[at] = i + 1
      const up = parent[at]!
      if (up !== -1 && mark[up] === i + 1) {
        parent[at] = -1
        break
      }
      at = up
    }
  }
  const first = new Int32Array(g.count).fill(-1)
  const next = new Int32Array(g.count).fill(-1)
  const byDay = Array.from({ length: g.count }, (_, i) => i).sort((a, b) => when(b) - when(a) || b - a) // latest first: lists are built from the back
  const roots: number[] = []
  for (const i of byDay) {
    const up = parent[i]!
    if (up === -1) roots.push(i)
    else {
      next[i] = first[up]!
      first[up] = i
    }
  }
  roots.reverse()
  const order = new Int32Array(g.count)
  const size = new Int32Array(g.count).fill(1)
  let n = 0
  const stack: number[] = []
  for (const root of roots) {
    stack.push(root)
    while (stack.length) {
      const i = stack.pop()!
      order[n++] = i
      for (let c = first[i]!; c !== -1; c = next[c]!) stack.push(c)
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    const i = order[k]!
    if (parent[i] !== -1) size[parent[i]!]! += size[i]!
  }
  roots.sort((a, b) => size[b]! - size[a]! || when(a) - when(b))
  return { parent, first, next, roots, size, order }
}

function chainsOf(g: Graph, f: Forest): Int32Array {
  const chain = new Int32Array(g.count)
  f.roots.forEach((root, k) => (chain[root] = k))
  for (let k = 0; k < g.count; k++) {
    const i = f.order[k]!
    if (f.parent[i] !== -1) chain[i] = chain[f.parent[i]!]!
  }
  return chain
}

const rowHeight = 16
const stackColumns = 12

function timeLayout(g: Graph, f: Forest): Layout {
  const x = new Float32Array(g.count)
  const y = new Float32Array(g.count)
  const radius = new Float32Array(g.count)
  let firstDay = Infinity
  let lastDay = -Infinity
  for (let i = 0; i < g.count; i++)
    if (g.day[i] !== unknownDay) {
      firstDay = Math.min(firstDay, g.day[i]!)
      lastDay = Math.max(lastDay, g.day[i]!)
    }
  if (firstDay === Infinity) firstDay = lastDay = 0
  // An unknown day stands beside its parent, or before the first day.
  const day = Int32Array.from(g.day)
  for (let k = 0; k < g.count; k++) {
    const i = f.order[k]!
    if (day[i] === unknownDay) day[i] = f.parent[i] === -1 ? firstDay - 2 : day[f.parent[i]!]! + 1
  }
  let row = 0
  const stack: number[] = []
  const loose: number[] = []
  for (const root of f.roots) {
    if (g.kind[root] === NodeKind.Contact && f.first[root] === -1) {
      loose.push(root)
      continue
    }
    stack.push(root)
    while (stack.length) {
      const i = stack.pop()!
      x[i] = (day[i]! - firstDay) * dayWidth
      y[i] = row * rowHeight
      radius[i] = 6
      row++
      // Contacts who are not cases: small, in a block below and behind.
      let k = 0
      for (let c = f.first[i]!; c !== -1; c = f.next[c]!) {
        if (g.kind[c] === NodeKind.Contact && f.first[c] === -1) {
          x[c] = x[i]! + 12 + (k % stackColumns) * 7
          y[c] = (row + Math.floor(k / stackColumns) * 0.5) * rowHeight - 5
          radius[c] = 2.6
          k++
        }
      }
      row += Math.ceil(k / stackColumns) * 0.5
      const children: number[] = []
      for (let c = f.first[i]!; c !== -1; c = f.next[c]!) if (g.kind[c] !== NodeKind.Contact || f.first[c] !== -1) children.push(c)
      for (let c = children.length - 1; c >= 0; c--) stack.push(children[c]!)
    }
    row += 0.6
  }
  loose.forEach((i, k) => {
    x[i] = (k % 60) * 7
    y[i] = (row + Math.floor(k / 60) * 0.5) * rowHeight
    radius[i] = 2.6
  })
  const height = (row + Math.ceil(loose.length / 60) * 0.5 + 1) * rowHeight
  return { mode: 'time', x, y, radius, chain: chainsOf(g, f), chains: f.roots.length, width: (lastDay - firstDay + 3) * dayWidth, height, firstDay }
}

function treeLayout(g: Graph, f: Forest): Layout {
  const x = new Float32Array(g.count)
  const y = new Float32Array(g.count)
  const radius = new Float32Array(g.count)
  const leaves = new Float64Array(g.count)
  const depth = new Int32Array(g.count)
  for (let k = g.count - 1; k >= 0; k--) {
    const i = f.order[k]!
    if (f.first[i] === -1) leaves[i] = g.kind[i] === NodeKind.Contact ? 0.5 : 1
    if (f.parent[i] !== -1) leaves[f.parent[i]!]! += leaves[i]!
  }
  const begin = new Float64Array(g.count)
  const span = new Float64Array(g.count)
  // How far out a ring must lie so that the leaves on it have room.
  const reach = new Float64Array(g.count)
  const outer = new Float64Array(f.roots.length)
  const chain = chainsOf(g, f)
  f.roots.forEach((root) => {
    begin[root] = 0
    span[root] = 2 * Math.PI
  })
  const step = new Float64Array(f.roots.length)
  const deepest = new Int32Array(f.roots.length)
  for (let k = 0; k < g.count; k++) {
    const i = f.order[k]!
    const c = chain[i]!
    depth[i] = f.parent[i] === -1 ? 0 : depth[f.parent[i]!]! + 1
    deepest[c] = Math.max(deepest[c]!, depth[i]!)
  }
  f.roots.forEach((root, c) => {
    const around = leaves[root]! * 9 // pixels of arc that all leaves need
    step[c] = Math.max(20, around / (2 * Math.PI) / Math.max(1, deepest[c]!))
    outer[c] = step[c]! * deepest[c]! + 10
  })
  for (let k = 0; k < g.count; k++) {
    const i = f.order[k]!
    reach[i] = depth[i]! * step[chain[i]!]!
    radius[i] = g.kind[i] === NodeKind.Contact ? 2.6 : 5 + Math.min(5, Math.sqrt(Math.max(0, f.size[i]! - 1)) * 0.5)
    let from = begin[i]!
    for (let c = f.first[i]!; c !== -1; c = f.next[c]!) {
      begin[c] = from
      span[c] = (span[i]! * leaves[c]!) / leaves[i]!
      from += span[c]!
    }
  }
  // Shelves, about twice as wide as high all together, as the window is.
  const total = outer.reduce((sum, r) => sum + (2 * r + 14) ** 2, 0)
  const wide = Math.max(Math.sqrt(total * 2.2), outer.length ? 2 * outer[0]! + 28 : 0)
  const cx = new Float64Array(outer.length)
  const cy = new Float64Array(outer.length)
  let atX = 0
  let atY = 0
  let shelf = 0
  outer.forEach((r, c) => {
    const side = 2 * r + 14
    if (atX + side > wide && atX > 0) {
      atX = 0
      atY += shelf
      shelf = 0
    }
    cx[c] = atX + side / 2
    cy[c] = atY + side / 2
    atX += side
    shelf = Math.max(shelf, side)
  })
  for (let i = 0; i < g.count; i++) {
    const c = chain[i]!
    const angle = begin[i]! + span[i]! / 2
    x[i] = cx[c]! + reach[i]! * Math.cos(angle)
    y[i] = cy[c]! + reach[i]! * Math.sin(angle)
  }
  return { mode: 'tree', x, y, radius, chain, chains: f.roots.length, width: wide, height: atY + shelf, firstDay: 0 }
}

export function layOut(g: Graph, mode: LayoutMode): Layout {
  const f = forest(g)
  return mode === 'time' ? timeLayout(g, f) : treeLayout(g, f)
}
