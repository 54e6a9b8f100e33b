export { superviseRole, type SupervisedRole, type SuperviseParts } from './supervise-role.ts'
export type { RequestHandler } from './worker-requests.ts'
