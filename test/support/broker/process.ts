// Apache Kafka processes in KRaft combined mode on free loopback ports, each with its data in a temporary folder.
// A small shell keeper runs it and ends it, data and all, once no owner process is left.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { freePorts } from '../free-port.ts'
import { brokerClassPath, runTool } from './jars.ts'
import { processLives } from './lock.ts'

export interface BrokerProcess {
  /** Address for clients, `127.0.0.1:<port>`. */
  brokers: string
  /** The keeper's process id: SIGTERM to it ends the broker and removes its data. */
  pid: number
  folder: string
}

const READY_MS = 90_000
const CLUSTER_ID = 'Ym9yZGVyZmxvdy10ZXN0cw'

/** Starts a broker of its own and waits until it answers. */
export async function launchBroker (ownerPid: number): Promise<BrokerProcess> {
  const [broker] = await launchCluster(ownerPid, 1)
  return broker as BrokerProcess
}

/** Makes data folders, formats them, starts brokers that are one cluster and waits until each answers. */
export async function launchCluster (ownerPid: number, size: number): Promise<BrokerProcess[]> {
  const classPath = await brokerClassPath()
  const ports = await freePorts(size * 2)
  const nodes = Array.from({ length: size }, (_, i) =>
    ({ id: i + 1, clientPort: ports[i * 2] as number, controllerPort: ports[i * 2 + 1] as number }))
  return await Promise.all(nodes.map(async node => {
    const folder = await mkdtemp(join(tmpdir(), 'borderflow-broker-'))
    await mkdir(join(folder, 'owners'))
    await addOwner(folder, ownerPid)
    const settings = join(folder, 'server.properties')
    await writeFile(settings, serverProperties(folder, node, nodes))
    await runTool('java', ['-Xmx128m', '-cp', classPath, 'kafka.tools.StorageTool', 'format', '--ignore-formatted',
      '-t', CLUSTER_ID, '-c', settings], 60_000)
    return await startKept(folder, `127.0.0.1:${node.clientPort}`, classPath)
  }))
}

/** Starts the broker of an existing data folder again, on the same port. */
export async function relaunchBroker (broker: BrokerProcess): Promise<BrokerProcess> {
  return await startKept(broker.folder, broker.brokers, await brokerClassPath())
}

/** Registers a process whose life keeps the broker running. */
export async function addOwner (folder: string, pid: number): Promise<void> {
  await writeFile(join(folder, 'owners', String(pid)), '')
}

/** Ends a broker and waits until it is gone; `keepData` leaves its folder for a relaunch. */
export async function endBroker (broker: BrokerProcess, keepData = false): Promise<void> {
  if (keepData) await writeFile(join(broker.folder, 'keep'), '')
  freezeBroker(broker, false)
  if (processLives(broker.pid)) process.kill(broker.pid, 'SIGTERM')
  const deadline = performance.now() + 30_000
  while (processLives(broker.pid)) {
    if (performance.now() > deadline) throw new Error(`broker process ${broker.pid} did not end`)
    await sleep(50)
  }
  await rm(join(broker.folder, 'keep'), { force: true })
  if (!keepData) await rm(broker.folder, { recursive: true, force: true })
}

/** Stops the broker's threads, or lets them go on: its sockets stay open and nothing answers. */
export function freezeBroker ({ pid }: BrokerProcess, frozen: boolean): void {
  if (processLives(pid)) process.kill(-pid, frozen ? 'SIGSTOP' : 'SIGCONT')
}

/** True once the broker answers a metadata request. */
export async function brokerAnswers (brokers: string): Promise<boolean> {
  const admin = new Kafka({
    brokers: [brokers], logLevel: logLevel.NOTHING, connectionTimeout: 1000, retry: { retries: 0 }
  }).admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length > 0
  } catch {
    return false
  } finally {
    await admin.disconnect()
  }
}

async function startKept (folder: string, brokers: string, classPath: string): Promise<BrokerProcess> {
  const log = openSync(join(folder, 'broker.log'), 'a')
  const keeper = spawn('sh', ['-c', KEEPER, 'keeper', folder, 'java', '-Xms128m', '-Xmx512m', '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.Kafka', join(folder, 'server.properties')],
  { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  await once(keeper, 'spawn')
  keeper.unref()
  const broker = { brokers, pid: keeper.pid ?? 0, folder }
  const deadline = performance.now() + READY_MS
  while (!await brokerAnswers(brokers)) {
    if (!processLives(broker.pid) || performance.now() > deadline) {
      const said = await readFile(join(folder, 'broker.log'), 'utf8').catch(() => '')
      throw new Error(`the test broker did not become ready: ${said.slice(-3000)}`)
    }
    await sleep(200)
  }
  return broker
}

// Data and broker go when told to, when the broker dies, or when the last owner is gone.
const KEEPER = `
folder=$1; shift
"$@" & broker=$!
trap 'kill -KILL $broker 2>/dev/null' TERM INT
while kill -0 $broker 2>/dev/null; do
  owned=no
  for owner in "$folder"/owners/*; do kill -0 "\${owner##*/}" 2>/dev/null && owned=yes; done
  [ $owned = yes ] || kill -KILL $broker
  sleep 1 & wait $!
done
wait $broker
[ -e "$folder/keep" ] || rm -rf "$folder"
`

interface Node { id: number, clientPort: number, controllerPort: number }

/** What the brokers keep for themselves is on every one of them, so that any may go away. */
function serverProperties (folder: string, { id, clientPort, controllerPort }: Node, nodes: readonly Node[]): string {
  const replicas = nodes.length
  return `process.roles=broker,controller
node.id=${id}
controller.quorum.voters=${nodes.map(node => `${node.id}@127.0.0.1:${node.controllerPort}`).join()}
listeners=PLAINTEXT://127.0.0.1:${clientPort},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${clientPort}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
num.partitions=1
offsets.topic.num.partitions=1
offsets.topic.replication.factor=${replicas}
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=${replicas}
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=${replicas}
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.message.timestamp.type=LogAppendTime
log.retention.ms=-1
log.initial.task.delay.ms=500
log.retention.check.interval.ms=2000
file.delete.delay.ms=1000
`
}
