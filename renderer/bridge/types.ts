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
  Suitability,
} from '../../main/api/snapshot.ts'
export type { Disk, Inventory, ProbeState } from '../../main/api/inventory.ts'
