import type { Chain } from '../../contracts/client/index.ts'
import type { Log } from '../../roles/api/values.ts'
import type { Inventory } from '../api/inventory.ts'
import type { Platform } from '../api/platform.ts'
import type { DeviceChoice } from '../api/wallet.ts'
import type { Home } from '../store/index.ts'

/** How far the start of the practice network is. */
export type PracticeProgress = { readonly step: string; readonly done: number; readonly total: number }

/** A practice network that runs, started by us or found running. */
export type StartedPractice = {
  /** Null when it was found running and does not say. */
  readonly neighbours: number | null
  /** Words to show once, such as that it was made anew; else null. */
  readonly notice: string | null
  /** Resolves with the reason when it has ended without being asked. */
  readonly exited: Promise<string>
  /** Ends it and all its processes; does nothing to one that was found running. */
  stop(options: { deadlineMs: number }): Promise<void>
}

/** Attaches to the home's practice network or starts it; the home's network file is written when it resolves. */
export type PracticeStarter = (options: {
  onProgress: (progress: PracticeProgress) => void
  signal: AbortSignal
}) => Promise<StartedPractice>

/** What the engine needs of `resources`; its index has exactly these. */
export type EngineResources = {
  detectInventory(options: {
    homeDirectory: string
    onPartial?: ((inventory: Inventory) => void) | undefined
    signal?: AbortSignal | undefined
  }): Promise<Inventory>
  measureDiskSuitability(
    folder: string,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<
    | { readonly kind: 'measured'; readonly bytesPerSecond: number }
    | { readonly kind: 'failed'; readonly reason: string; readonly message: string }
  >
  /** Asked only while rendering is switched on. */
  readGpuLoad(): Promise<GpuLoad>
}

/** Tops up what this home's customer has stored elsewhere; customer code lives outside of the engine. */
export type CustomerUpkeep = (options: { home: Home; chain: Chain; log: Log; signal: AbortSignal }) => Promise<void>

/** How busy the graphics processor is, as the engine asks every few seconds while something renders; null = unknown. */
export type GpuLoad = { readonly busyShare: number | null; readonly celsius: number | null }

/** Everything that the engine is composed of besides its own parts. */
export type EngineOptions = {
  readonly home: Home
  readonly platform: Platform
  /** Shown in the window. */
  readonly version: string
  readonly log: Log
  readonly resources: EngineResources
  /** Null: no practice network is ever started, the home's network file is used as it is. */
  readonly practice: PracticeStarter | null
  readonly customerUpkeep: CustomerUpkeep | null
  /** The device that was named at the start, as by `--ledger`; without it the one that was chosen before. */
  readonly ledger?: DeviceChoice | null
}
