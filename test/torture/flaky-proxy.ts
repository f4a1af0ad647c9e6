// A TCP proxy on loopback in front of a broker: it can fall silent, cut connections and alter what the broker says.
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export interface FlakyProxy {
  /** Address for clients. */
  brokers: string
  /** Connections there are now fall silent both ways and stay open; new ones work. */
  silenceOpen (): void
  /** All connections fall silent, new ones too, until false. */
  silenceAll (silent: boolean): void
  /** Cuts every connection there is now. */
  cut (): void
  /** Alters what the broker sends; in place. Undefined for nothing. */
  alter (change: ((bytes: Buffer) => void) | undefined): void
  close (): Promise<void>
}

/** A proxy in front of one broker on 127.0.0.1: clients are told its port wherever the broker tells its own. */
export async function startFlakyProxy (brokers: string): Promise<FlakyProxy> {
  const brokerPort = Number(brokers.split(':')[1])
  const pairs = new Set<{ silent: boolean, client: Socket, upstream: Socket }>()
  let allSilent = false
  let change: ((bytes: Buffer) => void) | undefined
  const server = createServer(client => {
    const pair = { silent: false, client, upstream: connect(brokerPort, '127.0.0.1') }
    pairs.add(pair)
    const isSilent = (): boolean => pair.silent || allSilent
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      pair.upstream.destroy()
    }
    client.on('data', bytes => { if (!isSilent()) pair.upstream.write(bytes) })
    pair.upstream.on('data', bytes => {
      if (isSilent()) return
      rewritePort(bytes, brokerPort, (server.address() as AddressInfo).port)
      change?.(bytes)
      client.write(bytes)
    })
    for (const socket of [client, pair.upstream]) {
      socket.on('error', end)
      socket.on('close', () => { if (!isSilent()) end() })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const { client, upstream } of [...pairs]) {
      client.destroy()
      upstream.destroy()
    }
    pairs.clear()
  }
  return {
    brokers: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    silenceOpen: () => { for (const pair of pairs) pair.silent = true },
    silenceAll: silent => {
      allSilent = silent
      // What was not forwarded is missing in the middle of a stream: such a connection is of no use any more.
      if (!silent) cut()
    },
    cut,
    alter: next => { change = next },
    close: async () => {
      server.close()
      cut()
      await once(server, 'close')
    }
  }
}

const HOST = Buffer.concat([Buffer.from([0, 9]), Buffer.from('127.0.0.1')])

/** In answers of the protocol a host is its length and text, and the port follows as four bytes. */
function rewritePort (bytes: Buffer, from: number, to: number): void {
  for (let at = bytes.indexOf(HOST); at >= 0; at = bytes.indexOf(HOST, at + 1)) {
    const port = at + HOST.length
    if (port + 4 <= bytes.length && bytes.readInt32BE(port) === from) bytes.writeInt32BE(to, port)
  }
}
