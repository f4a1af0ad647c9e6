// What kafkajs logs goes to our log: only known fields, so that no payload can slip through.
import { logLevel, type LogEntry, type logCreator } from 'kafkajs'
import type { Logger } from 'pino'
import { errorText } from '../../core/errors.ts'

const FIELDS = ['groupId', 'memberId', 'broker', 'clientId', 'topic', 'partition', 'offset', 'correlationId', 'size',
  'retryCount', 'retryTime', 'duration', 'isLeader', 'groupProtocol'] as const

// kafkajs logs every failed request as an error before it tries again; what ends the source comes from elsewhere.
const RETRIED = new Set(['Connection', 'BrokerPool'])

/** A kafkajs log creator that writes to a pino log. */
export function createLogBridge (log: Logger): logCreator {
  return () => entry => write(log, entry)
}

function write (log: Logger, { level, namespace, log: content }: LogEntry): void {
  const fields: Record<string, unknown> = { namespace }
  for (const name of FIELDS) if (content[name] !== undefined) fields[name] = content[name]
  if (content.error !== undefined) fields.error = errorText(content.error)
  const text = `kafkajs: ${content.message}`
  if (level <= logLevel.ERROR && !RETRIED.has(namespace)) log.error(fields, text)
  else if (level <= logLevel.WARN) log.warn(fields, text)
  else if (level === logLevel.INFO) log.info(fields, text)
  else log.debug(fields, text)
}
