import assert from 'node:assert/strict'
import test from 'node:test'
import { load } from './bundle.mjs'

const { forest, layOut } = await load('chain/layout.ts')
const unknownDay = -2147483648

function graph(days, links, kinds = []) {
  return {
    count: days.length,
    id: Float64Array.from(days, (_, i) => i),
    kind: Uint8Array.from(days, (_, i) => kinds[i] ?? 0),
    day: Int32Array.from(days),
    place: new Int32Array(days.length).fill(-1),
    linkCount: links.length,
    from: Int32Array.from(links, (l) => l[0]),
    to: Int32Array.from(links, (l) => l[1]),
  }
}

test('the earliest infector is the parent, the others stay links', () => {
  const f = forest(graph([5, 1, 9], [[0, 2], [1, 2]]))
  assert.equal(f.parent[2], 1)
  assert.deepEqual([...f.roots].sort(), [0, 1])
})

test('a cycle is cut once and every node stands in the order exactly once', () => {
  const f = forest(graph([1, 2, 3, 4], [[0, 1], [1, 2], [2, 0], [2, 3]]))
  assert.deepEqual([...f.order].sort(), [0, 1, 2, 3])
  assert.equal([...f.parent].filter((p) => p === -1).length, 1)
})

test('a link to oneself is nobody’s parent', () => {
  assert.equal(forest(graph([1], [[0, 0]])).parent[0], -1)
})

for (const mode of ['time', 'tree']) {
  test(`${mode}: everything has a place, children of unknown day too, and no two cases share one`, () => {
    const n = 400
    const days = Array.from({ length: n }, (_, i) => (i % 17 === 3 ? unknownDay : Math.floor(i / 9)))
    const links = Array.from({ length: n - 5 }, (_, i) => [Math.floor((i * 7919) % (i + 5)), i + 5])
    const l = layOut(graph(days, links), mode)
    const seen = new Set()
    for (let i = 0; i < n; i++) {
      assert.ok(Number.isFinite(l.x[i]) && Number.isFinite(l.y[i]), `node ${i}`)
      seen.add(`${l.x[i].toFixed(2)} ${l.y[i].toFixed(2)}`)
    }
    assert.ok(seen.size > n * 0.99, `${seen.size} places for ${n} nodes`)
  })
}

test('in time, a day later is further to the right', () => {
  const l = layOut(graph([3, 8, 5], [[0, 1], [0, 2]]), 'time')
  assert.ok(l.x[0] < l.x[2] && l.x[2] < l.x[1])
  assert.equal(l.firstDay, 3)
})
