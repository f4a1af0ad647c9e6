// borderflow simulate: a realistic country, to a folder, to Kafka, over HTTP, or live.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import {
  playLive, post, simulateToFolder, simulateToKafka, simulateOverHttp, type Progress, type SimulatorOptions
} from '../../ingest/simulator/index.ts'
import { printJson, printLine } from '../print.ts'
import { createProgress } from '../progress.ts'

interface SimulateOptions {
  seed: string
  scale: string
  from: string
  to: string
  warmUpDays: string
  badShare: string
  folder?: string
  gzip?: boolean
  kafka?: string
  http?: string
  token?: string
  tokenFile?: string
  speed?: string
  json?: boolean
}

/** Adds the command. */
export function addSimulateCommand (program: Command): void {
  program.command('simulate')
    .description('make SIMULATED events of a realistic country; the same options give the same bytes')
    .requiredOption('--from <date>', 'first date, YYYY-MM-DD')
    .requiredOption('--to <date>', 'last date, inclusive')
    .option('--seed <number>', 'another seed is another country', '1')
    .option('--scale <share>', '1 is the whole country, about 13 million crossings a year', '1')
    .option('--warm-up-days <days>', 'days lived before the first date, so that exits do not start at zero', '0')
    .option('--bad-share <share>', 'share of messages that are bad', '0')
    .option('--folder <folder>', 'write files, one a day')
    .option('--gzip', 'compress the files or the Kafka batches')
    .option('--kafka <brokers>', 'send to Kafka, each contract to the topic of its name')
    .option('--http <url>', 'post to the intake of a running borderflow')
    .option('--token <token>', 'producer token for --http; better by --token-file')
    .option('--token-file <file>', 'file that holds the producer token')
    .option('--speed <factor>', 'with --http: play live, so many simulated seconds a second')
    .option('--json', 'print the totals as JSON')
    .action(async (options: SimulateOptions) => { await simulate(options) })
}

async function simulate (options: SimulateOptions): Promise<void> {
  const simulation: SimulatorOptions = {
    seed: number('--seed', options.seed),
    scale: number('--scale', options.scale),
    from: options.from,
    to: options.to,
    warmUpDays: number('--warm-up-days', options.warmUpDays),
    badShare: number('--bad-share', options.badShare)
  }
  const targets = [options.folder, options.kafka, options.http].filter(target => target !== undefined)
  if (targets.length !== 1) {
    throw new BorderflowError('USAGE', {
      expected: 'one of --folder, --kafka, --http', found: targets.length === 0 ? 'none' : 'several'
    })
  }
  if (options.speed !== undefined && options.http === undefined) {
    throw new BorderflowError('USAGE', { expected: '--http with --speed', found: 'another target', where: '--speed' })
  }
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { stopping.abort() })
  const progress = createProgress('simulating', 'events')
  let before = 0
  const onProgress = ({ events }: Progress): void => {
    progress.add(events - before)
    before = events
  }
  const started = systemClock.now()
  try {
    const total = await send(simulation, options, { signal: stopping.signal, onProgress })
    progress.end()
    const seconds = (systemClock.now() - started) / 1000
    if (options.json === true) printJson({ simulated: true, ...total, seconds })
    else printLine(`SIMULATED: ${total.events} events in ${seconds.toFixed(1)} s`)
  } finally {
    progress.end()
  }
}

async function send (
  simulation: SimulatorOptions, options: SimulateOptions,
  control: { signal: AbortSignal, onProgress: (progress: Progress) => void }
): Promise<{ events: number, bytes?: number, days?: number }> {
  if (options.folder !== undefined) {
    return await simulateToFolder(simulation, options.folder, { gzip: options.gzip === true, ...control })
  }
  if (options.kafka !== undefined) {
    return await simulateToKafka(simulation, { brokers: options.kafka.split(','), gzip: options.gzip === true, ...control })
  }
  const target = { url: options.http as string, token: tokenOf(options), ...control }
  if (options.speed === undefined) return await simulateOverHttp(simulation, target)
  const events = await playLive(simulation, {
    speed: number('--speed', options.speed),
    clock: systemClock,
    signal: control.signal,
    send: async lines => { await post(target, lines) }
  })
  return { events }
}

function tokenOf ({ token, tokenFile }: SimulateOptions): string {
  if (tokenFile !== undefined) return readFileSync(tokenFile, 'utf8').trim()
  if (token !== undefined) return token
  throw new BorderflowError('USAGE', {
    expected: '--token-file or --token with --http',
    found: 'none',
    remedy: '`borderflow access create --name NAME --role producer` makes one.'
  })
}

function number (flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new BorderflowError('USAGE', { expected: 'a number', found: text, where: flag })
  }
  return value
}
