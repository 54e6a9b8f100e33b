import { stat, statfs } from 'node:fs/promises'
import type { DiskAllowance, DiskState } from '../../../api/disks.ts'
import { diskFaultOf, type DiskFault } from '../../../persistence/index.ts'
import type { PieceFiles } from '../piece-files.ts'
import type { DiskRecords } from './disk-records.ts'
import { isSlow, measuredSpeedSchema, noteAnswer, noteWrite, unmeasured, type MeasuredSpeed } from './disk-speed.ts'
import { identifyDisk } from './identify-disk.ts'
import { probeDisk } from './probe-disk.ts'
import { timedFiles } from './timed-files.ts'

/** One disk that holds pieces: what it is, whether it can be used, how fast it is. */
export type StoreDisk = {
  readonly folder: string
  readonly files: PieceFiles
  /** Its id, null before it was ever identified. */
  id(): string | null
  /** What the governor lets it do; that of a disk that is leaving once it is no longer listed. */
  allowance(): DiskAllowance
  state(): DiskState
  /** False while it is away or another disk lies in its place; then nothing is read from it either. */
  isReadable(): boolean
  /** True when new pieces may be written to it. */
  takesNew(): boolean
  /** Free bytes as last measured, null while the disk is not to be had. */
  freeBytes(): number | null
  /** Number of its file system, to tell which disks share their free space. */
  device(): number | null
  speed(): MeasuredSpeed
  noteAnswer(ms: number): void
  /** Takes note of an error of the file system; others are ignored. Returns what it was. */
  report(error: unknown): DiskFault | null
  /** Looks again; a fault that is gone is over after this. Never rejects. */
  check(): Promise<void>
}

export type StoreDiskParts = {
  readonly folder: string
  readonly files: PieceFiles
  readonly records: DiskRecords
  allowance(): DiskAllowance
  isListed(folder: string): boolean
  /** The longest that a block may take for all proofs to come in time. */
  neededLatencyMs(disk: string): number
  /** Puts files and index in order before a disk that came (back) is used. */
  recover(disk: StoreDisk): Promise<void>
  /** Called when its state may have changed outside of a look. */
  onChange(): void
}

/** A look that takes longer than this means a disk that hangs; it counts as slow until it answers. */
const lookTimeoutMs = 20_000

/** A disk of the store; `check` must run before it is used. */
export function createStoreDisk(parts: StoreDiskParts): StoreDisk {
  return new Disk(parts)
}

class Disk implements StoreDisk {
  readonly folder: string
  readonly files: PieceFiles
  readonly #parts: StoreDiskParts
  #id: string | null
  #fault: Exclude<DiskState, 'ready' | 'full' | 'slow'> | null = 'checking'
  #full = false
  #slow = false
  #hangs = false
  #recovered = false
  #freeBytes: number | null = null
  #device: number | null = null
  #speed: MeasuredSpeed
  #look: Promise<void> | null = null

  constructor(parts: StoreDiskParts) {
    this.#parts = parts
    this.folder = parts.folder
    this.#id = parts.records.diskAt(parts.folder)
    this.#speed = this.#id === null ? unmeasured : savedSpeed(parts.records.measured(this.#id))
    this.files = timedFiles(parts.files, (bytes, ms) => {
      this.#speed = noteWrite(this.#speed, bytes, ms)
    })
  }

  id = (): string | null => this.#id
  allowance = (): DiskAllowance => this.#parts.allowance()
  freeBytes = (): number | null => this.#freeBytes
  device = (): number | null => this.#device
  speed = (): MeasuredSpeed => this.#speed
  isReadable = (): boolean => !['checking', 'missing', 'wrongDisk'].includes(this.state())
  takesNew = (): boolean => this.state() === 'ready' && !this.allowance().leaving

  state(): DiskState {
    if (this.#fault !== null) return this.#fault
    if (this.#full) return 'full'
    return this.#slow || this.#hangs ? 'slow' : 'ready'
  }

  noteAnswer(ms: number): void {
    this.#speed = noteAnswer(this.#speed, ms)
  }

  report(error: unknown): DiskFault | null {
    const found = diskFaultOf(error)
    if (found === 'full') this.#full = true
    // One file that is not there is no missing disk: the next look tells.
    else if (found !== null && found !== 'missing') this.#fault = found
    if (found !== null) this.#parts.onChange()
    return found
  }

  async check(): Promise<void> {
    this.#look ??= this.#lookAgain().finally(() => {
      this.#look = null
      this.#hangs = false
      this.#parts.onChange()
    })
    const hung = Symbol('hung')
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<typeof hung>((resolve) => {
      timer = setTimeout(() => resolve(hung), lookTimeoutMs)
    })
    if ((await Promise.race([this.#look, late])) === hung) this.#hangs = true
    clearTimeout(timer)
  }

  async #lookAgain(): Promise<void> {
    const { folder, records } = this.#parts
    try {
      const found = await identifyDisk(folder, records, (other) => this.#parts.isListed(other))
      if (found.kind !== 'ours') return this.#gone(found.kind)
      this.#id = found.disk
      const [{ bavail, bsize }, { dev }] = await Promise.all([statfs(folder), stat(folder)])
      this.#freeBytes = bavail * bsize
      this.#device = dev
      await this.#probe(found.disk)
      if (!this.#recovered) await this.#parts.recover(this)
      this.#recovered = true
      this.#full = false
      this.#fault = null
    } catch (error) {
      const fault = diskFaultOf(error) ?? 'failing'
      if (fault === 'missing') return this.#gone('missing')
      this.#full = fault === 'full'
      this.#fault = fault === 'full' ? null : fault
    }
  }

  /** Asks the disk to take a few bytes: the only way to notice one that became read-only, and how fast it answers. */
  async #probe(id: string): Promise<void> {
    const measured = await probeDisk(this.folder, { wasSlow: this.#slow })
    this.noteAnswer(measured.latencyMs)
    if (measured.write !== null) this.#speed = noteWrite(this.#speed, measured.write.bytes, measured.write.ms)
    this.#slow = isSlow(this.#speed, this.#parts.neededLatencyMs(id), this.#slow)
    this.#parts.records.saveMeasured(id, JSON.stringify(this.#speed))
  }

  #gone(state: 'missing' | 'wrongDisk'): void {
    this.#fault = state
    this.#freeBytes = null
    this.#recovered = false
  }
}

function savedSpeed(text: string | null): MeasuredSpeed {
  if (text === null) return unmeasured
  const parsed = measuredSpeedSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : unmeasured
}
