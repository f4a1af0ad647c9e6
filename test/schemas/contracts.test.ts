// The contracts as they are declared: ids, names, voids, and the columns that their fields go to.
import { describe, expect, it } from 'vitest'
import { FACT_COLUMNS, FACT_TABLE } from '../../schemas/columns.ts'
import { CONTRACTS, contracts, isContractName } from '../../schemas/contracts/index.ts'
import { OUTCOMES, REASON_ORDINAL, REASONS } from '../../schemas/reasons.ts'
import { crossing, extension, registration, tally, type Fields } from '../support/histories.ts'

const RIGHT: Readonly<Record<string, Fields>> = {
  'gdi.crossing.v1': crossing(), 'gdi.tally.v1': tally(), 'gdi.extension.v1': extension(), 'fpcs.registration.v1': registration()
}
const idOf = (name: keyof typeof contracts): string => contracts[name].idField

describe('the contracts', () => {
  it('are four, by these names', () => {
    expect(CONTRACTS).toEqual(['gdi.crossing.v1', 'gdi.tally.v1', 'gdi.extension.v1', 'fpcs.registration.v1'])
    expect(Object.keys(contracts)).toEqual([...CONTRACTS])
    for (const name of CONTRACTS) expect(contracts[name].name).toBe(name)
    for (const other of ['', 'gdi.crossing.v2', 'toString', null, 7, {}]) expect(isContractName(other)).toBe(false)
  })

  it.each(CONTRACTS)('%s takes a right record, and none without a field that must be there', name => {
    const { record } = contracts[name]
    const right = RIGHT[name] as Fields
    expect(record.safeParse(right).success).toBe(true)
    for (const field of Object.keys(right)) {
      if (field === 'contract') continue
      for (const without of [{ ...right, [field]: undefined }, { ...right, [field]: null }]) {
        expect(record.safeParse(without).success, field).toBe(false)
      }
    }
  })

  it.each(CONTRACTS)('%s takes a void with its id and revision alone, whatever else is in it', name => {
    const id = idOf(name)
    const right = { [id]: 'a.b:c_D-1', revision: 2_147_483_647, action: 'void' }
    expect(contracts[name].void.safeParse(right).success).toBe(true)
    expect(contracts[name].void.safeParse({ ...right, document: 7, extra: [] }).success).toBe(true)
    for (const wrong of [{ revision: 0 }, { revision: 1.5 }, { revision: 2_147_483_648 }, { revision: '1' }, { [id]: '' }, { [id]: 'a b' },
      { [id]: 'a'.repeat(65) }, { [id]: 'é' }, { action: 'delete' }]) {
      expect(contracts[name].void.safeParse({ ...right, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
    }
    expect(contracts[name].record.safeParse({ ...RIGHT[name], action: 'void' }).success).toBe(false)
  })

  it.each(CONTRACTS)('%s has a table with what every image carries first', name => {
    expect(FACT_COLUMNS[name].slice(0, 6).map(column => column.name))
      .toEqual(['record_id', 'id_hash', 'revision', 'fingerprint', 'received_at', 'business_date'])
    expect(FACT_TABLE[name]).toMatch(/^[a-z]+$/)
  })

  it('carry no names, no biometrics, and no document number into a table', () => {
    const columns = CONTRACTS.flatMap(name => FACT_COLUMNS[name].map(column => column.name))
    expect(columns.filter(name => /number|birth|name|photo|face|finger(?!print)|email|phone/.test(name))).toEqual([])
  })
})

describe('outcomes and reasons', () => {
  it('keep the ordinals under which they are stored', () => {
    expect(OUTCOMES).toEqual(['loaded', 'duplicate', 'superseded', 'quarantined'])
    expect(REASONS.slice(1)).toEqual(['empty', 'too_large', 'not_utf8', 'too_deep', 'not_json', 'unknown_contract', 'schema', 'in_future', 'too_old',
      'checkpoint_unknown', 'checkpoint_closed', 'code_unknown', 'date_of_birth_invalid', 'document_invalid', 'revision_conflict'])
    expect(Object.entries(REASON_ORDINAL).every(([reason, ordinal]) => REASONS[ordinal] === reason)).toBe(true)
  })
})
