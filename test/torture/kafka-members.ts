// Loaders of one group in processes of their own, over one ledger in memory: at most one should be at work, and if two
// are, the ledger lets only one of them load.
import { fork, type ChildProcess } from 'node:child_process'
import { packageFile } from '../../core/package-root.ts'
import { packMessages } from '../../core/packed-messages.ts'
import type { RawBatch } from '../../core/stage.ts'
import { createMemoryLoader, type MemoryLoader } from '../ingest/kafka/memory-loader.ts'

export interface Member {
  readonly child: ChildProcess
  isOver (): boolean
  /** Why it ended by itself. */
  failure (): string | undefined
  signal (signal: NodeJS.Signals): void
  ended: Promise<void>
}

export interface Group {
  loader: MemoryLoader
  /** Starts one more process of the group. */
  start (): Member
  /** Kills all that are left. */
  close (): Promise<void>
}

interface Question { id: number, name: string, args: unknown[] }

type SentBatch = Omit<RawBatch, 'messages'> & { messages: { offset: number, receivedAtMs: number, value: string }[] }

/** A group that has loaded nothing. `config` is a KafkaSourceConfig. */
export function createGroup (config: object, warehouseId: string): Group {
  const loader = createMemoryLoader()
  const members: Member[] = []

  async function answer (name: string, args: unknown[]): Promise<unknown> {
    const { positions } = loader
    if (name === 'positions') return await positions.positions(args[0] as string)
    if (name === 'start') return await positions.start(...args as Parameters<typeof positions.start>)
    if (name === 'recordLost') return await positions.recordLost(...args as Parameters<typeof positions.recordLost>)
    const batch = args[0] as SentBatch
    const messages = batch.messages.map(message => ({ ...message, value: Buffer.from(message.value) }))
    return await (await loader.taker.submit({ ...batch, messages: packMessages(messages) })).durable
  }

  function start (): Member {
    const child = fork(packageFile('test/torture/kafka-member.mjs'), {
      env: { ...process.env, MEMBER: JSON.stringify({ dist: packageFile('dist'), config, warehouseId }) }
    })
    let over = false
    let failure: string | undefined
    child.on('message', ({ id, name, args }: Question) => {
      if (name === 'failed') {
        failure = String(args[0])
        return
      }
      // One that was killed meanwhile is not there to be answered.
      void answer(name, args).then(told => { if (child.connected) child.send({ id, answer: told }, () => {}) })
    })
    const ended = new Promise<void>(resolve => {
      child.on('exit', () => {
        over = true
        resolve()
      })
    })
    const member: Member = {
      child,
      ended,
      isOver: () => over,
      failure: () => failure,
      signal: signal => { child.kill(signal) }
    }
    members.push(member)
    return member
  }

  return {
    loader,
    start,
    close: async () => {
      for (const member of members) if (!member.isOver()) member.signal('SIGKILL')
      await Promise.all(members.map(async ({ ended }) => { await ended }))
    }
  }
}
