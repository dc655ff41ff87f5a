// Two steps after the bundle is written: the service worker learns which files make up the shell, and every text file gets
// a .gz and a .br beside it, so that the server only has to hand them out.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin, Rollup } from 'vite'

function filesUnder(folder: string, inside = ''): string[] {
  return readdirSync(join(folder, inside)).flatMap((name) => {
    const path = inside ? `${inside}/${name}` : name
    return statSync(join(folder, path)).isDirectory() ? filesUnder(folder, path) : [path]
  })
}

/** What these pages need to run: their chunks, all they import, and their styles. A page that lacks one of them stays blank. */
function chunksOf(bundle: Rollup.OutputBundle, pages: RegExp): Set<string> {
  const needed = new Set<string>()
  const take = (name: string): void => {
    const chunk = bundle[name]
    if (needed.has(name) || chunk?.type !== 'chunk') return
    needed.add(name)
    chunk.imports.forEach(take)
    chunk.viteMetadata?.importedCss.forEach((css) => needed.add(css))
  }
  for (const chunk of Object.values(bundle))
    if (chunk.type === 'chunk' && (chunk.isEntry || (chunk.facadeModuleId && pages.test(chunk.facadeModuleId)))) take(chunk.fileName)
  return needed
}

/** `pages`: sources of the pages that work without network (a phone's); the desk's heavy parts are kept when first used. */
export function serviceWorker(pages: RegExp, others: readonly string[]): Plugin {
  let out = 'dist'
  let shell: string[] = []
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir
    },
    writeBundle(_options, bundle) {
      shell = [...chunksOf(bundle, pages), ...others].sort()
    },
    closeBundle() {
      const hash = createHash('sha256')
      for (const f of ['index.html', ...shell]) hash.update(f).update(readFileSync(join(out, f)))
      const list = JSON.stringify(['/', ...shell.map((f) => '/' + f)])
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
