// Two steps after the bundle is written: the service worker learns which files make up the shell, and every text file gets
// a .gz and a .br beside it, so that the server only has to hand them out.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

function filesUnder(folder: string, inside = ''): string[] {
  return readdirSync(join(folder, inside)).flatMap((name) => {
    const path = inside ? `${inside}/${name}` : name
    return statSync(join(folder, path)).isDirectory() ? filesUnder(folder, path) : [path]
  })
}

/** `shell`: chunks needed to work without network (a phone's pages); the desk's heavy parts are kept when first used. */
export function serviceWorker(shell: RegExp): Plugin {
  let out = 'dist'
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir
    },
    closeBundle() {
      const files = filesUnder(out).filter((f) => shell.test(f) && f !== 'sw.js')
      const hash = createHash('sha256')
      for (const f of files) hash.update(f).update(readFileSync(join(out, f)))
      const list = JSON.stringify(['/', ...files.filter((f) => f !== 'index.html').map((f) => '/' + f)])
      const text = readFileSync(join(out, 'sw.js'), 'utf8').replace('__VERSION__', hash.digest('hex').slice(0, 12)).replace('__SHELL__', list)
      writeFileSync(join(out, 'sw.js'), text)
      for (const f of filesUnder(out)) {
        if (!/\.(js|css|html|svg|webmanifest|json)$/.test(f)) continue
        const plain = readFileSync(join(out, f))
        writeFileSync(join(out, f + '.gz'), gzipSync(plain, { level: 9 }))
        writeFileSync(join(out, f + '.br'), brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
      }
    },
  }
}
