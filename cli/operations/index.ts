// Every operation by name: what the command line can ask of an open data folder.
import { BorderflowError } from '../../core/errors.ts'
import { type Runtime } from '../runtime.ts'
import { accessCreate, accessList, accessRevoke } from './access.ts'
import { backupOperation } from './backup.ts'
import { gapAccept, gapList } from './gaps.ts'
import { type Operation, type OperationResult } from './operation.ts'
import { quarantineDiscard, quarantineList, quarantineReplay, quarantineShow } from './quarantine.ts'
import { queryOperation, tablesOperation } from './query.ts'
import { rebuildOperation } from './rebuild.ts'
import { statusOperation } from './status.ts'
import { verifyOperation } from './verify.ts'

export { type OperationResult } from './operation.ts'

const operations: ReadonlyMap<string, Operation> = new Map([
  queryOperation, tablesOperation, verifyOperation, rebuildOperation, quarantineList, quarantineShow,
  quarantineReplay, quarantineDiscard, gapList, gapAccept, statusOperation, backupOperation, accessCreate,
  accessList, accessRevoke
].map(operation => [operation.name, operation]))

/** Runs an operation on an open data folder. Throws USAGE for a name that is none. */
export async function runOperation (runtime: Runtime, name: string, parameters: unknown): Promise<OperationResult> {
  const operation = operations.get(name)
  if (operation === undefined) {
    throw new BorderflowError('USAGE', { expected: `one of ${[...operations.keys()].join(', ')}`, found: name })
  }
  return await operation.run(runtime, parameters)
}
