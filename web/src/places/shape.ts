// Shapes as places keep them: a GeoJSON geometry, as text.
export type Ring = [number, number][] // longitude, latitude

/** The outer ring of the first polygon; null when the text is no such shape. */
export function ringOf(text: string | null): Ring | null {
  try {
    const g = JSON.parse(text ?? '') as { type?: string; coordinates?: unknown }
    const ring = g.type === 'Polygon' ? (g.coordinates as Ring[])[0] : g.type === 'MultiPolygon' ? (g.coordinates as Ring[][])[0]?.[0] : undefined
    const sound = Array.isArray(ring) && ring.length >= 4 && ring.every((p) => Array.isArray(p) && p.length >= 2 && Number.isFinite(p[0]) && Number.isFinite(p[1]) && Math.abs(p[0]) <= 180 && Math.abs(p[1]) <= 90)
    return sound ? ring! : null
  } catch {
    return null
  }
}
export function polygonOf(points: Ring): string {
  const round = (n: number): number => Math.round(n * 1e6) / 1e6
  const ring = [...points, points[0]!].map(([x, y]) => [round(x), round(y)])
  return JSON.stringify({ type: 'Polygon', coordinates: [ring] })
}
/** The middle of an area (centroid of a polygon: the shoelace sums). */
export function middleOf(ring: Ring): [number, number] {
  let [area, x, y] = [0, 0, 0]
  const [ox, oy] = ring[0]!
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!
    const b = ring[(i + 1) % ring.length]!
    const cross = (a[0] - ox) * (b[1] - oy) - (b[0] - ox) * (a[1] - oy)
    area += cross
    x += (a[0] + b[0] - 2 * ox) * cross
    y += (a[1] + b[1] - 2 * oy) * cross
  }
  if (Math.abs(area) < 1e-15) return [ox, oy]
  return [ox + x / (3 * area), oy + y / (3 * area)]
}
