export { acquireLock, lockHolder, type Lock } from './acquire-lock.ts'
export { DatabaseError, diskFaultOf, LockedError, type DiskFault } from './errors.ts'
export type { Migration } from './migrate.ts'
export {
  openDatabase,
  openDatabaseForReading,
  type Database,
  type Row,
  type SqlValue,
  type Statement,
} from './open-database.ts'
export { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts'
export { syncDirectory } from './sync-directory.ts'
export { temporarySuffix, writeFileAtomic } from './write-file-atomic.ts'
