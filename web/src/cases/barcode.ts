// A tube's label: what is printed or scanned names the tube for good, so its identifier is made from the text, the same on every
// device. An identifier that is a UUID already stays what it is.

const primes = (n: number): number[] => {
  const out: number[] = []
  for (let c = 2; out.length < n; c++) if (out.every((p) => c % p !== 0)) out.push(c)
  return out
}
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32) >>> 0
const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n))

/** SHA-256 (FIPS 180-4): the browser's own is missing where the page came over plain HTTP, as in a field office. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const first64 = primes(64)
  const k = first64.map((p) => fraction(Math.cbrt(p)))
  const h = first64.slice(0, 8).map((p) => fraction(Math.sqrt(p)))
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor((bytes.length * 8) / 2 ** 32))
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0)
  const w = new Int32Array(64)
  for (let at = 0; at < padded.length; at += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t)
    for (let t = 16; t < 64; t++) {
      const [x, y] = [w[t - 15]!, w[t - 2]!]
      w[t] = (w[t - 16]! + (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) + w[t - 7]! + (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10))) | 0
    }
    let [a, b, c, d, e, f, g, z] = h as [number, number, number, number, number, number, number, number]
    for (let t = 0; t < 64; t++) {
      const t1 = (z + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + k[t]! + w[t]!) | 0
      const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    ;[a, b, c, d, e, f, g, z].forEach((v, i) => (h[i] = (h[i]! + v) >>> 0))
  }
  const out = new Uint8Array(32)
  h.forEach((v, i) => new DataView(out.buffer).setUint32(4 * i, v))
  return out
}

const plain = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** UUID version 8 (RFC 9562) of a label: its first 122 bits of SHA-256. Blanks and case do not count. */
export function labelUid(label: string): string {
  const text = label.trim()
  if (plain.test(text)) return text.toLowerCase()
  const bytes = sha256(new TextEncoder().encode('tube:' + text.replace(/\s+/g, '').toUpperCase())).slice(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
export const canScan = (): boolean => 'BarcodeDetector' in window && !!navigator.mediaDevices?.getUserMedia

/** Looks through the camera into `video` until a label is read; `stop` ends it. Null: there is no camera, or it is not allowed. */
export async function scan(video: HTMLVideoElement, stop: AbortSignal): Promise<string | null> {
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  } catch {
    return null
  }
  try {
    video.srcObject = stream
    await video.play()
    const detector = new (window as unknown as { BarcodeDetector: new () => Detector }).BarcodeDetector()
    while (!stop.aborted) {
      const found = await detector.detect(video).catch(() => [])
      if (found[0]?.rawValue) return found[0].rawValue
      await new Promise((r) => setTimeout(r, 120))
    }
    return null
  } finally {
    stream.getTracks().forEach((t) => t.stop())
  }
}
