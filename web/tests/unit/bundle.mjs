// Tests run on plain Node: the TypeScript under test is bundled first (esbuild comes with vite).
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

export async function load(path) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../../src/' + path, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    alias: { '@': fileURLToPath(new URL('../../src', import.meta.url)) },
  })
  return import('data:text/javascript;base64,' + Buffer.from(result.outputFiles[0].text).toString('base64'))
}
