export { openActivityLog, type ActivityLog } from './activity-log.ts'
export { openConditionsLedger, type ConditionsLedger } from './conditions-ledger.ts'
export {
  openEarningHistory,
  type BookPlace,
  type BookRow,
  type Checkpoint,
  type EarningHistory,
  type GatheredRow,
  type TimePlace,
} from './earning-history.ts'
export { openGasLedger, type GasLedger } from './gas-ledger.ts'
export { HomeInUseError, openHome, type Home, type HomeLockName, type NetworkId } from './home.ts'
export { NetworkFileError, NoNetworkError, type HomeNetwork, type HomeNetworkFile } from './home-network.ts'
export { keyKinds, type KeyKind } from './key-file.ts'
export { KeyFileError, type KeyStore, type StoredKey } from './key-store.ts'
export { openPieceLedger, type LedgerPiece, type PieceLedger } from './piece-ledger.ts'
export { SettingsFileError } from './settings-file.ts'
export { ExportError, writeExport } from './write-export.ts'
export type { SettingsChange, SettingsStore } from './settings-store.ts'
export { openSignedSentences, type SignedSentence, type SignedSentenceStore } from './signed-sentences.ts'
export {
  confirmedPayoutOf,
  openWalletRecord,
  WalletRecordError,
  withConfirmedPayout,
  type ConfirmedPayout,
  type WalletRecord,
  type WalletRecordStore,
} from './wallet-record.ts'
