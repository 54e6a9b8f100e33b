/** The shapes that cross the bridge, for everyone behind it. */
export type { Activity, EarningDay, HearthBridge, PieceRow } from '../../main/api/channels.ts'
export type {
  BridgeResult,
  EventChannel,
  EventPayload,
  RequestArgument,
  RequestChannel,
  RequestResult,
} from '../../main/api/channels.ts'
export type {
  EarningsSummary,
  NetworkView,
  ProcessState,
  RoleView,
  Snapshot,
  StakeView,
  Suitability,
} from '../../main/api/snapshot.ts'
export type {
  ConsentForm,
  ConsentProgress,
  ConsentRequest,
  ConsentReview,
  DeviceChoice,
  DeviceState,
  GasView,
  PayoutView,
  PracticeButton,
  PracticeScreen,
  TransactionReview,
  WalletView,
} from '../../main/api/wallet.ts'
export type { EarningsOverview, LedgerPage, LedgerRow, RewardCheck, TaxPrice } from '../../main/api/earnings.ts'
export type { DiskMove, DiskScrub, DiskStatus } from '../../roles/api/disks.ts'
export type { RenderStatus } from '../../roles/api/render-status.ts'
export type { DiskChange } from '../../main/api/disk-change.ts'
export type { DiskIntent } from '../../main/api/settings.ts'
export type { Disk, Inventory, ProbeState } from '../../main/api/inventory.ts'
