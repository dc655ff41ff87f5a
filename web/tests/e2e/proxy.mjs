// A bad network between a browser and the server: connections are let through, cut, or lost by chance, before the server has
// heard of the request or after it has carried it out. Chance comes from a seed, so that a run can be repeated.
import { connect, createServer } from 'node:net'

/** A small generator of chance (mulberry32, T. Ettinger 2017), enough for dropping packets. */
export function chance(seed) {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * `state.mode`: 'open', 'cut' (nobody gets through) or 'lossy' (of `loss` of the exchanges either the request or, after the
 * server has acted, the answer is lost). `state.lost` counts what was lost where.
 */
export async function startProxy(origin, { loss = 1 / 3, seed = 1 } = {}) {
  const { hostname, port } = new URL(origin)
  const random = chance(seed)
  const open = new Set()
  const state = { mode: 'open', lost: { requests: 0, answers: 0 }, exchanges: 0 }
  const server = createServer((client) => {
    if (state.mode === 'cut') return client.destroy()
    const up = connect(Number(port), hostname)
    let doomed = '' // of the exchange that goes on: '', 'request' or 'answer'
    let asked = false
    const end = () => (client.destroy(), up.destroy(), open.delete(end))
    open.add(end)
    for (const s of [client, up]) s.on('error', end).on('close', end)
    client.on('data', (d) => {
      if (state.mode === 'cut') return end()
      if (!asked) {
        asked = true
        state.exchanges++
        const r = random()
        doomed = state.mode !== 'lossy' || r >= loss ? '' : r < loss / 2 ? 'request' : 'answer'
      }
      if (doomed === 'request') return state.lost.requests++, end()
      up.write(d)
    })
    up.on('data', (d) => {
      if (state.mode === 'cut') return end()
      if (doomed === 'answer') return state.lost.answers++, end()
      asked = false
      client.write(d)
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    state,
    set(mode) {
      state.mode = mode
      if (mode === 'cut') for (const end of [...open]) end()
    },
    stop() {
      for (const end of [...open]) end()
      return new Promise((done) => server.close(done))
    },
  }
}
