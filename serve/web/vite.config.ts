// Builds the page into dist/web: hashed files, each with a Brotli and a gzip copy beside it, and the map drawn in.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { drawShapes } from './map/shapes.ts'

const here = dirname(fileURLToPath(import.meta.url))
const PACKED = /\.(js|css|html|svg|json|webmanifest)$/
const SHAPES = 'virtual:map-shapes'

export default defineConfig({
  root: here,
  base: '/',
  publicDir: join(here, 'public'),
  cacheDir: join(here, '../../node_modules/.vite'),
  logLevel: 'warn',
  // Types alone are no reason to bundle a file: the schemas of the server stay out of the page.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' }, typescript: { onlyRemoveTypeImports: false } },
  build: {
    outDir: join(here, '../../dist/web'),
    emptyOutDir: true,
    target: ['chrome120', 'firefox121', 'safari17'],
    // An inlined asset would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false }
  },
  plugins: [mapShapes(), packedCopies()]
})

/** The projected map as a module. */
function mapShapes (): Plugin {
  return {
    name: 'map-shapes',
    resolveId: id => id === SHAPES ? `\0${SHAPES}` : null,
    load: id => id === `\0${SHAPES}` ? `export default ${JSON.stringify(drawShapes(join(here, 'map/provinces.json')))}` : null
  }
}

function packedCopies (): Plugin {
  return {
    name: 'packed-copies',
    writeBundle ({ dir = '' }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!PACKED.test(name)) continue
        const bytes = readFileSync(join(dir, name))
        writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }))
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        }))
      }
    }
  }
}
