import { writeSync } from 'node:fs'
import { z } from 'zod'
import { leaveIntentSchema } from '../../roles/api/leaving.ts'
import { roleEventSchema } from '../../roles/api/messages.ts'

/** How a provider or customer process is started; written to a file whose path is its only argument. */
export const processConfigSchema = z.object({
  network: z.unknown(),
  /** Key of the node, or of the customer. */
  key: z.string(),
  /** Pays for a provider's gas; a customer pays for its own. */
  gasKey: z.string(),
  operator: z.string(),
  directory: z.string(),
  listen: z.array(z.string()).readonly(),
  bootstrapPeers: z.array(z.string()).readonly(),
  /** A provider that wants to leave from its start on. */
  leaving: leaveIntentSchema.nullable().default(null),
})
export type ProcessConfig = Readonly<z.infer<typeof processConfigSchema>>

/** From the driver: to a provider only `dieAt` and `leave`, to a customer only the others. */
export const orderSchema = z.discriminatedUnion('kind', [
  /** End by SIGKILL at this many write boundaries from now. */
  z.object({ kind: z.literal('dieAt'), boundaries: z.number().int().positive() }),
  /** What a person wants of a provider; null takes it back. */
  z.object({ kind: z.literal('leave'), leaving: leaveIntentSchema.nullable() }),
  z.object({ kind: z.literal('put'), path: z.string(), pathName: z.string(), manifest: z.string() }),
  z.object({ kind: z.literal('get'), manifest: z.string(), output: z.string() }),
  z.object({ kind: z.literal('repair'), manifest: z.string(), repaired: z.string() }),
])
export type Order = Readonly<z.infer<typeof orderSchema>>

/** What a process said before it died counts as acknowledged, so each line is with the driver when `say` returns. */
export const lineSchema = z.discriminatedUnion('kind', [
  /** Serves; with the processor time that it took, which does not depend on what else the machine does. */
  z.object({ kind: z.literal('ready'), cpuMs: z.number() }),
  z.object({ kind: z.literal('event'), event: roleEventSchema }),
  /** A put, get or repair is done; null when there was nothing to repair. */
  z.object({ kind: z.literal('done'), result: z.string().nullable() }),
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
])
export type Line = Readonly<z.infer<typeof lineSchema>>

/** The word that a process serves. */
export function sayReady(): void {
  const { user, system } = process.cpuUsage()
  say({ kind: 'ready', cpuMs: (user + system) / 1000 })
}

/** Writes a line before it returns. */
export function say(line: Line): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
