// What must always be true, checked over everything.
import * as z from 'zod'
import { verify } from '../../sinks/verify/verify.ts'
import { operation } from './operation.ts'

export const verifyOperation = operation('verify', z.strictObject({}), async ({ warehouse }) => ({
  value: await warehouse.read(async connection => await verify(connection))
}))
