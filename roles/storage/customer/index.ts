export type { CustomerContext } from './context.ts'
export * from './errors.ts'
export { openSources, type OpenedSources } from './archive/open-sources.ts'
export { openStoredArchive, type StoredArchive } from './archive/open-archive.ts'
export { getTree, type GetTreeOptions, type GetTreeSummary } from './get-tree.ts'
export { getFile, type GetOptions, type GetProgress, type GetSummary } from './get-file.ts'
export {
  minimumPeriods,
  putFile,
  type PutOptions,
  type PutPhase,
  type PutProgress,
  type PutSummary,
} from './put-file.ts'
export {
  readRepairOutlook,
  repairFile,
  type RepairOptions,
  type RepairOutlook,
  type RepairPhase,
  type RepairProgress,
  type RepairSummary,
} from './repair-file.ts'
export { endRepairer, nameRepairer, takeBackBudgets, type NameOptions } from './name-repairer.ts'
export { repairByTicket, type TicketOptions, type TicketOutcome } from './repair-by-ticket.ts'
export { openTicket } from './repair-ticket-file.ts'
export { removeFile, type RemoveSummary } from './remove-file.ts'
export { extendFile, type ExtendSummary } from './extend-file.ts'
export type { Source } from './source.ts'
export { openStoredFile, type StoredFile } from './stored-file.ts'
export { readStoreStatus, type StoreStatus } from './store-status.ts'
export { topUpDataSets, type TopUpSummary } from './top-up.ts'
export { repairThreshold } from '../protocol/profiles.ts'
export { ManifestError } from '../protocol/manifest-envelope.ts'
