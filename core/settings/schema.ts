// The settings: one schema, fed by BORDERFLOW_* variables and an optional file. Each carries what the README's table
// says of it, so that the table can be held against this file by a test.
import * as z from 'zod'

const MIB = 1024 * 1024

const wholeNumber = z.coerce.number().int()
const positive = wholeNumber.min(1)
const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform(text => text === 'true' || text === '1')])
const list = z.union([z.array(z.string().min(1)), z.string().transform(text =>
  text.split(',').map(item => item.trim()).filter(item => item !== ''))])
const path = z.string().min(1)
const optionalText = z.string().optional()
/** A value that is never printed. */
const secret = z.string().optional().meta({ secret: true })

export const settingsSchema = z.strictObject({
  data: z.strictObject({
    folder: path.default('./borderflow-data').describe('Folder of the warehouse and of everything the process writes'),
    rawDays: positive.default(30).describe('Days that raw input (segments, `done/`, `failed/`) is kept; not shorter than the age of the oldest backup to be restorable')
  }).prefault({}),
  keys: z.strictObject({
    folder: optionalText.describe('Folder of the master key; `<data folder>-keys` unless given. Never in a backup')
  }).prefault({}),
  lists: z.strictObject({
    folder: optionalText.describe('Folder with code lists that replace ours by name')
  }).prefault({}),
  database: z.strictObject({
    memoryLimitMb: wholeNumber.min(128).default(768).describe('Memory of DuckDB, MiB'),
    rebuildMemoryLimitMb: wholeNumber.min(128).default(4096).describe('The same while derived tables are rebuilt, MiB'),
    threads: wholeNumber.min(1).max(256).optional().describe('Threads of DuckDB; the number of cores unless given'),
    checkpointWalMb: positive.default(128).describe('Size of the write-ahead log at which it is folded in, MiB')
  }).prefault({}),
  loading: z.strictObject({
    groupMessagesMax: positive.default(20_000).describe('Messages in one transaction at most'),
    pendingMessagesMax: positive.default(60_000).describe('Messages read and not yet durable at most')
  }).prefault({}),
  kafka: z.strictObject({
    brokers: list.default([]).describe('Brokers, `host:port` separated by commas; none switches Kafka off'),
    clientId: z.string().min(1).default('borderflow').describe('Name by which brokers know this process'),
    groupPrefix: z.string().min(1).default('borderflow').describe('The group is this, a hyphen and the id of the warehouse'),
    topicCrossing: z.string().default('gdi.crossing.v1').describe('Topic of crossings; empty for none'),
    topicTally: z.string().default('gdi.tally.v1').describe('Topic of tallies; empty for none'),
    topicExtension: z.string().default('gdi.extension.v1').describe('Topic of extensions; empty for none'),
    topicRegistration: z.string().default('fpcs.registration.v1').describe('Topic of registrations; empty for none'),
    tls: flag.default(false).describe('Speak TLS to the brokers'),
    tlsCaFile: optionalText.describe('Authority that signed the brokers\' certificates, PEM'),
    tlsCertFile: optionalText.describe('Own certificate, PEM'),
    tlsKeyFile: optionalText.describe('Own key, PEM'),
    saslMechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('How to sign in to the brokers'),
    saslUsername: optionalText.describe('Name to sign in with'),
    saslPassword: secret.describe('Password to sign in with; better given by `BORDERFLOW_KAFKA_SASL_PASSWORD_FILE`'),
    fetchBytesMax: positive.default(32 * MIB).describe('Bytes of one fetch over all partitions'),
    partitionFetchBytesMax: positive.default(8 * MIB).describe('Bytes of one partition in a fetch; at least the topic\'s largest message'),
    fetchWaitMs: positive.default(250).describe('Milliseconds a broker may wait for more records'),
    sessionTimeoutMs: positive.default(45_000).describe('Milliseconds without a heartbeat after which the group drops a member'),
    stallTimeoutMs: positive.default(120_000).describe('Milliseconds without progress after which the process ends with a reason'),
    deadLetterTopic: optionalText.describe('Topic that quarantined messages are forwarded to. It then holds personal data; off unless given')
  }).prefault({}),
  spool: z.strictObject({
    folder: optionalText.describe('Folder watched for files; none switches it off'),
    pollIntervalMs: positive.default(1_000).describe('Milliseconds between looks into the folder')
  }).prefault({}),
  http: z.strictObject({
    enabled: flag.default(true).describe('Serve HTTP: intake, health, metrics'),
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; another than loopback needs TLS or a trusted proxy'),
    port: wholeNumber.min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes a free one'),
    tlsCertFile: optionalText.describe('Certificate, PEM'),
    tlsKeyFile: optionalText.describe('Key, PEM'),
    trustedProxies: list.default([]).describe('Addresses of proxies in front, separated by commas'),
    bodyBytesMax: positive.default(16 * MIB).describe('Largest request body after decompression, bytes'),
    backlogBytesMax: positive.default(64 * MIB).describe('Bytes accepted and not yet loaded, above which requests are refused with 429'),
    answerWaitMs: positive.default(2_000).describe('Milliseconds an intake request waits for its counts before it gets a receipt')
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Lowest level that is logged')
  }).prefault({})
}).superRefine((settings, context) => {
  const { http, kafka } = settings
  const fault = (where: string[], message: string): void => { context.addIssue({ code: 'custom', path: where, message }) }
  if ((http.tlsCertFile === undefined) !== (http.tlsKeyFile === undefined)) {
    fault(['http', 'tlsCertFile'], 'expected both a certificate and a key, or neither')
  }
  if (http.enabled && !isLoopback(http.host) && http.tlsCertFile === undefined && http.trustedProxies.length === 0) {
    fault(['http', 'host'], 'expected TLS files or a trusted proxy for an address that is not loopback')
  }
  if (kafka.saslMechanism !== undefined && (kafka.saslUsername === undefined || kafka.saslPassword === undefined)) {
    fault(['kafka', 'saslMechanism'], 'expected a name and a password to sign in with')
  }
})

export type Settings = z.infer<typeof settingsSchema>

/** True for addresses that only this machine reaches. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}
