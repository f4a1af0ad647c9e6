// The settings: one schema, fed by BORDERFLOW_* variables and an optional file. Each carries what the README's table
// says of it, so that the table can be held against this file by a test.
import * as z from 'zod'
import { parseCron } from '../cron.ts'
import { errorText } from '../errors.ts'
import { isRole, ROLES } from '../roles.ts'

const MIB = 1024 * 1024

const wholeNumber = z.coerce.number().int()
const positive = wholeNumber.min(1)
const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform(text => text === 'true' || text === '1')])
const list = z.union([z.array(z.string().min(1)), z.string().transform(text =>
  text.split(',').map(item => item.trim()).filter(item => item !== ''))])
const path = z.string().min(1)
const optionalText = z.string().optional()
/** A cron expression, or `off`. */
const schedule = z.string().superRefine((text, context) => {
  if (text === 'off') return
  try {
    parseCron(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: `${errorText(error)}, or off` })
  }
})
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
    rebuildMemoryLimitMb: wholeNumber.min(128).default(4096).describe('The same while derived tables are rebuilt, or rows taken out of large ones, MiB'),
    threads: wholeNumber.min(1).max(256).optional().describe('Threads of DuckDB; the number of cores unless given, one less (at least 1) in a service'),
    checkpointWalMb: positive.default(128).describe('Size of the write-ahead log at which it is folded in, MiB')
  }).prefault({}),
  ingest: z.strictObject({
    workers: wholeNumber.min(0).max(64).optional().describe('Threads that decode messages, 0 for none of their own; two less than the cores, at least 1 (on one core none) and at most 4, unless given')
  }).prefault({}),
  loading: z.strictObject({
    groupMessagesMax: positive.default(40_000).describe('Messages in one transaction at most'),
    pendingMessagesMax: positive.default(120_000).describe('Messages read and not yet durable at most')
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
    fetchBytesMax: positive.default(MIB).describe('Bytes of one fetch over all partitions; what is fetched is decoded in one turn, so more delays everything else'),
    partitionFetchBytesMax: positive.default(2 * MIB).describe('Bytes of one partition in a fetch; at least the topic\'s largest message'),
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
    publicUrl: z.url({ protocol: /^https?$/ }).transform(url => new URL(url).origin).optional().describe('Address that people use, where it is another than host and port: for links and for OpenID Connect'),
    metricsPublic: flag.default(true).describe('Answer `/metrics` without a token; otherwise with one of an operator, administrator or auditor'),
    bodyBytesMax: positive.default(16 * MIB).describe('Largest request body after decompression, bytes'),
    backlogBytesMax: positive.default(64 * MIB).describe('Bytes accepted and not yet loaded, above which requests wait, and are refused with 429 if they wait too long'),
    answerWaitMs: positive.default(2_000).describe('Milliseconds an intake request waits for room, and for its counts before it gets a receipt')
  }).prefault({}),
  auth: z.strictObject({
    sessionIdleMinutes: positive.default(60).describe('Minutes after which a session ends that is not used; an open board uses it'),
    sessionHours: positive.default(12).describe('Hours after which a session ends in any case'),
    openidIssuer: z.url({ protocol: /^https?$/ }).optional().describe('OpenID Connect provider; none leaves access links alone'),
    openidClientId: optionalText.describe('Name by which the provider knows this service'),
    openidClientSecret: secret.describe('Secret of that client; better given by `BORDERFLOW_AUTH_OPENID_CLIENT_SECRET_FILE`'),
    openidScopes: z.string().min(1).default('openid profile').describe('Scopes asked for, separated by spaces'),
    openidNameClaim: z.string().min(1).default('preferred_username').describe('Claim that names the person; the subject where it is absent'),
    openidRoleClaim: z.string().min(1).default('roles').describe('Claim that names the role, a text or a list'),
    openidRoles: list.default([]).describe('Values of that claim and their roles, `value=role` separated by commas, the first that fits counts; without any, values are roles')
  }).prefault({}),
  dags: z.strictObject({
    enabled: flag.default(true).describe('Run upkeep by its schedules; old raw input is deleted in any case'),
    verifySchedule: schedule.default('20 2 * * *').describe('When everything is checked: cron at UTC+7 (minute hour day month weekday), or `off`'),
    compactSchedule: schedule.default('20 3 * * *').describe('When tables of changes are folded into sums; the same'),
    baselineSchedule: schedule.default('20 0 * * *').describe('When it is computed what is expected of each checkpoint; the same'),
    retryBaseSeconds: positive.default(60).describe('Seconds before the first repetition of a failed run; four times as long before each further one')
  }).prefault({}),
  feeds: z.strictObject({
    silenceProbabilityMax: z.coerce.number().gt(0).max(0.5).default(0.001).describe('A feed is silent when so long without a message had at most this probability'),
    silenceMinutesMin: positive.default(15).describe('Minutes before which no feed is called silent'),
    lateSeconds: positive.default(900).describe('Seconds from the event to here above which a feed is late'),
    bandSpreads: z.coerce.number().gt(0).max(20).default(3).describe('Half the width of the normal band, in spreads'),
    surgeRatioMin: z.coerce.number().min(1).default(1.5).describe('Times the usual below which nothing is a surge'),
    surgePersonsMin: positive.default(100).describe('Persons above the usual below which nothing is a surge')
  }).prefault({}),
  alerts: z.strictObject({
    evaluateSeconds: positive.default(10).describe('Seconds between looks at what is alerted of'),
    pendingSeconds: wholeNumber.min(0).default(60).describe('Seconds that a condition must hold before its alert fires; key, clock and verify at once'),
    keepFiringSeconds: wholeNumber.min(0).default(300).describe('Seconds that it must be clear before its alert is resolved'),
    silenceSeconds: positive.default(14_400).describe('Seconds without a message that are silence where nothing is known to be usual'),
    returneePersonsMin: wholeNumber.min(5).default(100).describe('Returnees at a gate in an hour below which nothing is a surge of them'),
    returneeRatioMin: z.coerce.number().min(1).default(3).describe('Times the usual of the last 28 days below which nothing is either'),
    quarantinePercentMax: z.coerce.number().min(0).max(100).default(5).describe('Percent of a source\'s messages of an hour in quarantine above which it is alerted'),
    lagMessagesMax: positive.default(100_000).describe('Messages waiting at a source above which it is alerted'),
    derivedLagSecondsMax: positive.default(300).describe('Age of facts that derived tables lack above which it is alerted, seconds'),
    diskFreePercentMin: z.coerce.number().min(0).max(100).default(10).describe('Percent of the disk below which it is alerted'),
    clockStepSecondsMax: positive.default(30).describe('Seconds by which the clock may be set without an alert'),
    webhookUrl: secret.describe('Address that alerts are posted to; none for no webhook. Or by `BORDERFLOW_ALERTS_WEBHOOK_URL_FILE`'),
    webhookSecret: secret.describe('Secret that signs them; better given by `BORDERFLOW_ALERTS_WEBHOOK_SECRET_FILE`'),
    smtpUrl: secret.describe('Mail server, `smtp://name:password@host:587`; none for no e-mail. Better given by `BORDERFLOW_ALERTS_SMTP_URL_FILE`'),
    mailFrom: optionalText.describe('Sender of e-mails'),
    mailTo: list.default([]).describe('Recipients of e-mails, separated by commas')
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Lowest level that is logged')
  }).prefault({})
}).superRefine((settings, context) => {
  const { http, kafka, auth, alerts } = settings
  const fault = (where: string[], message: string): void => { context.addIssue({ code: 'custom', path: where, message }) }
  if ((http.tlsCertFile === undefined) !== (http.tlsKeyFile === undefined)) {
    fault(['http', 'tlsCertFile'], 'expected both a certificate and a key, or neither')
  }
  if (http.enabled && !isLoopback(http.host) && http.tlsCertFile === undefined && http.trustedProxies.length === 0) {
    fault(['http', 'host'], 'expected TLS files or a trusted proxy for an address that is not loopback')
  }
  if ((auth.openidIssuer === undefined) !== (auth.openidClientId === undefined)) {
    fault(['auth', 'openidClientId'], 'expected both a provider and the name of a client, or neither')
  }
  if (auth.openidIssuer?.startsWith('http:') === true && !isLoopback(new URL(auth.openidIssuer).hostname)) {
    fault(['auth', 'openidIssuer'], 'expected https for a provider that is not on this machine')
  }
  for (const pair of auth.openidRoles) {
    if (!/^.+=/.test(pair) || !isRole(pair.slice(pair.lastIndexOf('=') + 1))) {
      fault(['auth', 'openidRoles'], `expected value=role with one of ${ROLES.join(', ')}`)
    }
  }
  if (alerts.webhookUrl !== undefined && !isUrl(alerts.webhookUrl, /^https?:$/)) {
    fault(['alerts', 'webhookUrl'], 'expected an http or https address without a name or password')
  }
  if (alerts.smtpUrl !== undefined && !isUrl(alerts.smtpUrl, /^smtps?:$/, true)) {
    fault(['alerts', 'smtpUrl'], 'expected an smtp or smtps address')
  }
  const mail = [alerts.smtpUrl !== undefined, alerts.mailFrom !== undefined, alerts.mailTo.length > 0]
  if (mail.includes(true) && mail.includes(false)) {
    fault(['alerts', 'mailTo'], 'expected mail server, sender and recipients together, or none of them')
  }
  if (kafka.saslMechanism !== undefined && (kafka.saslUsername === undefined || kafka.saslPassword === undefined)) {
    fault(['kafka', 'saslMechanism'], 'expected a name and a password to sign in with')
  }
})

export type Settings = z.infer<typeof settingsSchema>

function isUrl (text: string, protocol: RegExp, withName = false): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && protocol.test(url.protocol) && url.hostname !== '' && (withName || url.username === '')
}

/** True for addresses that only this machine reaches. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host)
}
