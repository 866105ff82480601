// Compares the bytes of what a page loads with those that are recorded.
//
// The build gives the same bytes on every machine: names of chunks differ, but not their lengths.
//
// npm run size              fails where anything has grown, and where it has shrunk without being recorded
// npm run size -- --write   records
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const record = `${root}.ci/size.json`

const sizes = {
  'define.js with what it imports': bytesOf('define.js'),
  'index.js with what it imports': bytesOf('index.js'),
  'react.js with what it imports': bytesOf('react.js'),
  'instantsearch.js with what it imports': bytesOf('instantsearch.js'),
  'worker.js with what it imports': bytesOf('worker.js'),
}
if (process.argv.includes('--write')) {
  writeFileSync(record, `${JSON.stringify(sizes, null, 2)}\n`)
  console.log(sizes)
} else {
  const recorded = JSON.parse(readFileSync(record, 'utf8'))
  const changed = Object.entries(sizes).filter(([what, bytes]) => recorded[what] !== bytes)
  for (const [what, bytes] of changed) {
    const before = recorded[what] ?? 0
    console.error(`${what}: ${bytes} bytes, ${bytes > before ? 'more' : 'less'} than the recorded ${before}`)
  }
  if (changed.length > 0) console.error('Where this is meant, record it: npm run size -- --write')
  process.exitCode = changed.length > 0 ? 1 : 0
}

/** Bytes of a script and of all that it imports statically: what is loaded before it runs. Names of chunks do not count. */
function bytesOf(entry) {
  const seen = new Set()
  const visit = (file) => {
    if (seen.has(file)) return 0
    seen.add(file)
    const code = readFileSync(`${root}dist/${file}`, 'utf8')
    const imports = [...code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)]
    return Buffer.byteLength(code) + imports.reduce((sum, [, name]) => sum + visit(name), 0)
  }
  return visit(entry)
}
