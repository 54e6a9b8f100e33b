/** Roles in the order of their number on chain, as in roles/api, which this folder may not import. */
export const chainRoleNames = ['storage', 'render', 'energy', 'indexing', 'relay'] as const

export type ChainRoleName = (typeof chainRoleNames)[number]

/** Name of a role's number on chain. Throws a RangeError for a number that this release does not know. */
export function roleOfNumber(number: number): ChainRoleName {
  const role = chainRoleNames[number]
  if (role === undefined) throw new RangeError(`Role number ${number} is unknown to this release.`)
  return role
}
