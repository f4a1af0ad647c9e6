// Every command by name: what help says of it, and the module that adds it, loaded when it is run and not before. A
// test holds names, arguments and summaries against the commands themselves.
import type { Command } from 'commander'

export interface CatalogueEntry {
  /** The name with its arguments. */
  synopsis: string
  summary: string
  /** Adds the command, and whatever else its module has. */
  add: (program: Command) => Promise<void>
}

/** In the order of help. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    synopsis: 'start',
    summary: 'read from the sources of the settings, load, and serve, until SIGTERM or SIGINT',
    add: async program => { (await import('./commands/start.ts')).addStartCommand(program) }
  },
  {
    synopsis: 'demo',
    summary: 'the whole thing over a SIMULATED country: live figures over HTTP and here, history filling in behind',
    add: async program => { (await import('./commands/demo.ts')).addDemoCommand(program) }
  },
  {
    synopsis: 'ingest <path...>',
    summary: 'load files (.ndjson, .jsonl, also .gz or .zst), or the files of folders, once, in the order of their names',
    add: async program => { (await import('./commands/ingest.ts')).addIngestCommand(program) }
  },
  {
    synopsis: 'simulate',
    summary: 'make SIMULATED events of a realistic country; the same options give the same bytes',
    add: async program => { (await import('./commands/simulate.ts')).addSimulateCommand(program) }
  },
  {
    synopsis: 'query <table>',
    summary: 'ask a published table; measures are summed over the dimensions left out',
    add: async program => { (await import('./commands/query.ts')).addQueryCommands(program) }
  },
  {
    synopsis: 'tables',
    summary: 'list the published tables, their dimensions and measures',
    add: async program => { (await import('./commands/query.ts')).addQueryCommands(program) }
  },
  {
    synopsis: 'explain <table>',
    summary: 'what a published table is: definition, SQL, and lineage down to the contracts',
    add: async program => { (await import('./commands/explain.ts')).addExplainCommand(program) }
  },
  {
    synopsis: 'rebuild [table]',
    summary: 'recompute from the facts a table and those kept with it, or all; says which it recomputed',
    add: async program => { (await import('./commands/rebuild.ts')).addRebuildCommand(program) }
  },
  {
    synopsis: 'verify',
    summary: 'check everything that must always be true; exit 3 and the rows if something differs',
    add: async program => { (await import('./commands/verify.ts')).addVerifyCommand(program) }
  },
  {
    synopsis: 'repair',
    summary: 'set a damaged write-ahead log aside; what it held is read again from the sources at the next start',
    add: async program => { (await import('./commands/repair.ts')).addRepairCommand(program) }
  },
  {
    synopsis: 'quarantine',
    summary: 'messages that could not be loaded',
    add: async program => { (await import('./commands/quarantine.ts')).addQuarantineCommands(program) }
  },
  {
    synopsis: 'gap',
    summary: 'messages that a source no longer has',
    add: async program => { (await import('./commands/gap.ts')).addGapCommands(program) }
  },
  {
    synopsis: 'dag',
    summary: 'upkeep by schedule: day roll, verify, compaction, baseline, purge',
    add: async program => { (await import('./commands/dag.ts')).addDagCommands(program) }
  },
  {
    synopsis: 'feeds',
    summary: 'the state of every feed: live, late, silent, closed by schedule; what is expected and seen this hour',
    add: async program => { (await import('./commands/feeds.ts')).addFeedsCommand(program) }
  },
  {
    synopsis: 'alerts',
    summary: 'what needs a person',
    add: async program => { (await import('./commands/alerts.ts')).addAlertsCommands(program) }
  },
  {
    synopsis: 'status',
    summary: 'what is loaded, where every partition stands, what waits for a person',
    add: async program => { (await import('./commands/status.ts')).addStatusCommand(program) }
  },
  {
    synopsis: 'doctor',
    summary: 'look at settings, keys, disk, clock, broker and versions, each with what to do',
    add: async program => { (await import('./commands/doctor.ts')).addDoctorCommand(program) }
  },
  {
    synopsis: 'config',
    summary: 'print the settings in force, secrets hidden; the output is a settings file',
    add: async program => { (await import('./commands/config.ts')).addConfigCommand(program) }
  },
  {
    synopsis: 'backup <folder>',
    summary: 'write one snapshot of the warehouse to a new folder, while loading goes on; keys are not in it',
    add: async program => { (await import('./commands/backup.ts')).addBackupCommands(program) }
  },
  {
    synopsis: 'restore <folder>',
    summary: 'put a backup in the place of the warehouse; refuses while something runs on the data folder',
    add: async program => { (await import('./commands/backup.ts')).addBackupCommands(program) }
  },
  {
    synopsis: 'access',
    summary: 'links and tokens: who may sign in, and who may send events',
    add: async program => { (await import('./commands/access.ts')).addAccessCommands(program) }
  },
  {
    synopsis: 'audit',
    summary: 'who did what',
    add: async program => { (await import('./commands/audit.ts')).addAuditCommands(program) }
  }
]

/** The name of an entry's command. */
export function nameOf ({ synopsis }: CatalogueEntry): string {
  return synopsis.split(' ', 1)[0]!
}
