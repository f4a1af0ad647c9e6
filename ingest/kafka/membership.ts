// One loader process per warehouse: nobody else may be in the group.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Logger } from 'pino'
import { BorderflowError } from '../../core/errors.ts'

export interface Membership {
  /**
   * Waits until the group is empty: a loader that was killed stays a member until its session ends. Throws
   * KAFKA_FOREIGN_MEMBER if someone is still there after the session timeout and a margin.
   */
  waitUntilAlone (signal: AbortSignal): Promise<void>
  /** Throws KAFKA_FOREIGN_MEMBER if the group has a member that is not this process. */
  check (): Promise<void>
}

interface MembershipDeps {
  admin: Admin
  groupId: string
  /** This process's own client id, with its random ending: the only one that is ours. */
  clientId: string
  sessionTimeoutMs: number
  pollMs: number
  log: Logger
}

// A broker looks for expired sessions at once, but a member may have renewed its own just before it died.
const MARGIN_MS = 5_000

export function createMembership (deps: MembershipDeps): Membership {
  const { admin, groupId, clientId, sessionTimeoutMs, pollMs, log } = deps

  const strangers = async (): Promise<string[]> => {
    const { groups } = await admin.describeGroups([groupId])
    const members = groups.flatMap(group => group.members ?? [])
    return members.filter(member => member.clientId !== clientId)
      .map(member => `${member.clientId} at ${member.clientHost}`)
  }

  return {
    check: async () => {
      const found = await strangers()
      if (found.length > 0) throw foreignMember(groupId, found)
    },

    waitUntilAlone: async signal => {
      const deadline = performance.now() + sessionTimeoutMs + MARGIN_MS
      for (let waited = false; !signal.aborted; waited = true) {
        const found = await strangers()
        if (found.length === 0) return
        if (performance.now() > deadline) throw foreignMember(groupId, found)
        if (!waited) log.warn({ groupId, members: found }, 'the group still has a member: waiting for it to leave')
        await sleep(Math.min(pollMs, 1_000), undefined, { signal }).catch(() => undefined)
      }
    }
  }
}

function foreignMember (groupId: string, found: string[]): BorderflowError {
  return new BorderflowError('KAFKA_FOREIGN_MEMBER', {
    expected: 'this process alone in the consumer group',
    found: `${found.length} other member(s): ${found.slice(0, 5).join('; ')}`,
    where: `group ${groupId}`,
    remedy: 'A warehouse has one loader process. Stop the other one, or give other readers a group id of their own.'
  })
}
