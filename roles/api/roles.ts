import { z } from 'zod'

/** The contributor roles in the order of their number on chain (0 = storage). */
export const roleNames = ['storage', 'render', 'energy', 'indexing', 'relay'] as const

export const roleNameSchema = z.enum(roleNames)

/** A contributor role: what a machine can be paid for. */
export type RoleName = z.infer<typeof roleNameSchema>

/** The number that contracts use for a role. */
export function roleNumber(role: RoleName): number {
  return roleNames.indexOf(role)
}
