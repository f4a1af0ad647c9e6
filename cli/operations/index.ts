// Every operation by name: what the command line can ask of an open data folder.
import { BorderflowError } from '../../core/errors.ts'
import { callerOf, localClaim, type Caller, type CallerClaim } from '../caller.ts'
import type { Runtime } from '../runtime.ts'
import { accessCreate, accessList, accessRevoke } from './access.ts'
import { alertsAcknowledge, alertsList } from './alerts.ts'
import { auditList, auditVerify } from './audit.ts'
import { audited } from './audited.ts'
import { backupOperation } from './backup.ts'
import { dagList, dagPlan, dagRun, dagRuns, dagShow } from './dag.ts'
import { explainOperation } from './explain.ts'
import { feedsOperation, surgesOperation } from './feeds.ts'
import { gapAccept, gapList } from './gaps.ts'
import type { Operation, OperationResult } from './operation.ts'
import { quarantineDiscard, quarantineList, quarantineReplay, quarantineReveal, quarantineShow } from './quarantine.ts'
import { queryOperation, tablesOperation } from './query.ts'
import { rebuildOperation } from './rebuild.ts'
import { statusOperation } from './status.ts'
import { verifyOperation } from './verify.ts'

export type { OperationResult } from './operation.ts'

const operations: ReadonlyMap<string, Operation> = new Map([
  feedsOperation, surgesOperation, dagList, dagShow, dagRuns, dagPlan, dagRun,
  queryOperation, tablesOperation, explainOperation, verifyOperation, rebuildOperation,
  quarantineList, quarantineShow,
  quarantineReplay, quarantineDiscard, quarantineReveal, gapList, gapAccept, statusOperation, backupOperation,
  accessCreate, accessList, accessRevoke, auditList, auditVerify, alertsList, alertsAcknowledge
].map(operation => [operation.name, operation]))

/**
 * Runs an operation on an open data folder, and writes down in the audit log who does it.
 * Throws USAGE for a name that is none, and whatever the operation throws.
 */
export async function runOperation (
  runtime: Runtime, name: string, parameters: unknown, claim: CallerClaim = localClaim()
): Promise<OperationResult> {
  return await runOperationFor(runtime, name, parameters, async () => await callerOf(runtime, claim), 'command')
}

/** The same for a caller who is known already: who signed in over HTTP. */
export async function runOperationFor (
  runtime: Runtime, name: string, parameters: unknown, identify: () => Promise<Caller>, by: 'command' | 'http'
): Promise<OperationResult> {
  const operation = operations.get(name)
  if (operation === undefined) {
    throw new BorderflowError('USAGE', { expected: `one of ${[...operations.keys()].join(', ')}`, found: name })
  }
  const caller = await identify()
  const run = async (): Promise<OperationResult> => await operation.run(runtime, parameters, caller)
  // What cannot be meant is not done, so there is nothing to write down.
  if (!operation.parameters.safeParse(parameters).success) return await run()
  return await audited(runtime, caller, name, parameters, run, by)
}
