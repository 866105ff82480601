import type { Account } from '../account.js'
import { formatBytes, formatCount, formatDuration } from '../format.js'
import { type Row, stepsTable, totalRow } from '../status-table.js'

/** The account of a database: the requests for lists of products that the browser has seen. @param address relative. */
export function databaseAccount(address: string): Account {
  const questions = `${new URL(address, document.baseURI).href}?item=`
  let begun = performance.now()
  let requests: PerformanceResourceTiming[] = []
  let tell = () => {}
  const observer = new PerformanceObserver((list) => {
    const seen = (list.getEntries() as PerformanceResourceTiming[]).filter(
      ({ name, startTime }) => name.startsWith(questions) && startTime >= begun,
    )
    requests.push(...seen)
    if (seen.length > 0) tell()
  })
  observer.observe({ type: 'resource' })
  return {
    hint: HINT,
    opening: Promise.resolve(),
    onChange(listener) {
      tell = listener
    },
    begin() {
      begun = performance.now()
      requests = []
    },
    origin: () => origin(requests),
    steps: (firstResults) => stepsTable([...rows(requests), totalRow(firstResults)]),
    forget: null,
    close: () => observer.disconnect(),
  }
}

const HINT =
  'The database is PGlite with pgvector, in the memory of the server that shows this demo. It finds candidates, the server ranks them as a page would, and the similar items load nothing else: no feed, no vectors, no model. A photo that you search with is encoded in this browser, and its vector is sent.'

function origin(requests: readonly PerformanceResourceTiming[]): string {
  if (requests.length === 0) return 'from a database'
  const milliseconds = requests.reduce((sum, { duration }) => sum + duration, 0)
  return `from a database: ${formatCount(requests.length, 'request')}, ${formatDuration(milliseconds)}`
}

function rows(requests: readonly PerformanceResourceTiming[]): Row[] {
  const loading = requests.flatMap(({ serverTiming }) => serverTiming).find(({ name }) => name === 'load')
  return [
    [
      'Database',
      loading ? 'opened, and loaded from the pack for this request' : 'PGlite with pgvector, in the server',
      '',
      loading ? formatDuration(loading.duration) : '',
    ],
    ...requests.map(({ name, transferSize, duration }): Row => {
      const { pathname } = new URL(name)
      const what = transferSize === 0 ? 'answered by the browser’s cache' : `GET ${pathname}, one list`
      return ['Request', what, transferSize === 0 ? '' : formatBytes(transferSize), formatDuration(duration)]
    }),
    ['Model', 'not needed', '', ''],
  ]
}
