// Joins what runs into few files: reading and linking six hundred small ones is half of the time of a short command.
// `tsc` has written dist/ before, one file for each source; the two that processes and threads begin with are replaced.

// Left where npm puts them: native parts, what reads files of its own, and what is mended inside its package.
const APART = [/^@duckdb\/node-bindings/, /^@node-rs\/crc32/, 'snappy', 'lz4-napi', /^pino/, '@fastify/swagger-ui', /^kafkajs/]

export default {
  cwd: import.meta.dirname,
  input: {
    'cli/program': 'cli/program.ts',
    'dags/loading/workers/decode-worker': 'dags/loading/workers/decode-worker.ts'
  },
  platform: 'node',
  external: APART,
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    // Names stay: stack traces are read. Without comments and blanks there is half as much to parse at each start.
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } }
  }
}
