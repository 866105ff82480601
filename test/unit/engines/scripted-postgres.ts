import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

/** One statement that a client has sent. Until it is answered, the client waits. */
export interface SentStatement {
  readonly sql: string
  /** Which connection it came over, from 1. */
  readonly connection: number
  /** Says that it is done, and has no rows. */
  answer(): void
  /** Breaks the connection off. */
  drop(): void
}

/**
 * A server that speaks as much of PostgreSQL's protocol as a client needs for statements without rows, and breaks off or
 * falls silent where a test says so: a real one does neither when asked.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html
 */
export async function scriptedPostgres(
  onStatement: (statement: SentStatement) => void,
  /** Whether a connection comes about; else it hears nothing. */
  welcomes: (connection: number) => boolean = () => true,
) {
  const sockets: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = sockets.push(socket)
    let unread: Buffer = Buffer.alloc(0)
    let isStarted = false
    let sql = ''
    const statement = (...before: readonly Buffer[]): SentStatement => ({
      sql,
      connection,
      answer: () => socket.write(Buffer.concat([...before, done, ready])),
      drop: () => socket.resetAndDestroy(),
    })
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes])
      for (;;) {
        // The first message has no type.
        const start = isStarted ? 1 : 0
        if (unread.length < start + 4) return
        const end = start + unread.readInt32BE(start)
        if (unread.length < end) return
        const type = isStarted ? String.fromCharCode(unread[0] as number) : 'start'
        const content = unread.subarray(start + 4, end)
        unread = unread.subarray(end)
        isStarted = true
        if (type === 'start' && welcomes(connection))
          socket.write(Buffer.concat([welcome, keyOf(connection), ready]))
        // One without parameters is sent at once, others are parsed, bound, described and run.
        if (type === 'Q') sql = textAt(content, 0)
        if (type === 'P') sql = textAt(content, content.indexOf(0) + 1)
        if (type === 'Q') onStatement(statement())
        if (type === 'S') onStatement(statement(parsed, bound, noData))
        if (type === 'X') socket.end()
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    config: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' },
    /** Breaks a connection off, from 1. */
    drop: (connection: number) => sockets[connection - 1]?.resetAndDestroy(),
    /** Which connections were opened, and are open still: from 1. */
    connections: () =>
      sockets.flatMap((socket, at) => (socket.readableEnded || socket.destroyed ? [] : at + 1)),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function message(type: string, ...content: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + content.reduce((sum, part) => sum + part.length, 0))
  return Buffer.concat([Buffer.from(type), length, ...content])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function textAt(content: Buffer, start: number): string {
  return content.toString('utf8', start, content.indexOf(0, start))
}

const welcome = message('R', int32(0))
const keyOf = (connection: number) => message('K', int32(connection), int32(0))
const ready = message('Z', Buffer.from('I'))
const parsed = message('1')
const bound = message('2')
const noData = message('n')
const done = message('C', Buffer.from('SELECT 0\0'))
