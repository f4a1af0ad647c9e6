// kafkajs errors become ours: what it means and what to do, by the first cause that says something.
import { BorderflowError, errorText, type ErrorCode } from '../../core/errors.ts'

const CONNECTION_ERRORS = new Set(['KafkaJSConnectionError', 'KafkaJSConnectionClosedError', 'KafkaJSBrokerNotFound',
  'KafkaJSRequestTimeoutError', 'KafkaJSNoBrokerAvailableError', 'KafkaJSLockTimeout', 'KafkaJSTimeout',
  'KafkaJSGroupCoordinatorNotFound'])

/** The error to end with, given what kafkajs threw. Errors of ours pass through. */
export function kafkaFailure (error: unknown, where: string): BorderflowError {
  if (error instanceof BorderflowError) return error
  const chain = causes(error)
  const found = errorText(chain.at(-1))
  if (chain.some(({ name }) => name === 'KafkaJSSASLAuthenticationError')) {
    return failure('KAFKA_FAILED', 'a login that the broker accepts', found, where, error,
      'Check kafka.sasl: mechanism, user name and password.')
  }
  if (chain.some(({ name }) => CONNECTION_ERRORS.has(name))) {
    return failure('KAFKA_UNREACHABLE', 'a broker that answers', found, where, error,
      'Check that the brokers run, their addresses (also advertised.listeners) and kafka.tls.')
  }
  return failure('KAFKA_FAILED', 'a working Kafka connection', found, where, error)
}

/** True if trying the same again may help. */
export function isTransient (error: unknown): boolean {
  if (error instanceof BorderflowError) return false
  return causes(error).some(cause => CONNECTION_ERRORS.has(cause.name) ||
    cause.name === 'KafkaJSNumberOfRetriesExceeded' || ('retriable' in cause && cause.retriable === true))
}

function causes (error: unknown): Error[] {
  const chain: Error[] = []
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at)
  return chain.length > 0 ? chain : [new Error(errorText(error))]
}

function failure (
  code: ErrorCode, expected: string, found: string, where: string, cause: unknown, remedy?: string
): BorderflowError {
  return new BorderflowError(code, { expected, found, where, remedy, cause })
}
