// What can be asked: the declarations with the periods and groups that a query may name besides the dimensions.
import { tables, type TableDeclaration } from '../schemas/tables/index.ts'
import { GROUP_KINDS } from './groups.ts'
import { periodsOf } from './time.ts'

export interface TableDescription extends TableDeclaration {
  /** Names that `by` and `where` take besides the dimensions. */
  periods: string[]
  /** Likewise: groups of the states of a dimension. */
  groups: string[]
}

/** Every published table in the order of publication, also those that are not computed yet (`available` false). */
export function describeTables (): TableDescription[] {
  return tables.map(declaration => {
    const own = new Set(declaration.dimensions.map(({ name }) => name))
    const periods = periodsOf(declaration).map(({ name }) => name).filter(name => !own.has(name))
    const groups = declaration.dimensions.filter(({ codeList }) => codeList === 'states')
      .flatMap(({ name }) => GROUP_KINDS.map(kind => `${name}_${kind}`))
    return { ...declaration, periods, groups }
  })
}
