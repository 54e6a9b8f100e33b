/** How long each kind of wait on a device may take, in milliseconds. */
export type DeviceLimits = {
  /** Finding and opening it. */
  readonly openMs: number
  /** An answer that asks nobody: after this it counts as silent. */
  readonly quietMs: number
  /** The answer to the first part of a text. A device with an old question on its screen keeps it waiting for ever. */
  readonly firstPartMs: number
  /** A person reads and decides. */
  readonly personMs: number
  /** Letting go of it. */
  readonly closeMs: number
}

export const deviceLimits: DeviceLimits = {
  openMs: 10_000,
  quietMs: 60_000,
  firstPartMs: 10_000,
  personMs: 5 * 60_000,
  closeMs: 2_000,
}

/** Whose answer an APDU waits for. */
export type ApduWait = 'nobody' | 'firstPart' | 'person'

/**
 * Whether the answer to an APDU waits for a person. Pure.
 *
 * The first part of a text fits on every device's own buffer and is answered at once, but for the first Nano S, which shows
 * 99 characters before it takes more (`smallBuffer`). Each later part may be: two-button devices take 255 characters, let
 * them be read, and only then want the rest. Parts of a transaction do not say which is the last.
 */
export function waitOf(apdu: Uint8Array, smallBuffer = false): ApduWait {
  const [cla, ins, p1] = apdu
  if (cla !== 0xe0) return 'nobody'
  if (ins === 0x08) return p1 === 0 && !smallBuffer && isFirstOfMore(apdu.subarray(5)) ? 'firstPart' : 'person'
  return ins === 0x04 || ins === 0x0c || (ins === 0x02 && p1 === 1) ? 'person' : 'nobody'
}

/** Behind the path stands the length of the whole text. */
function isFirstOfMore(data: Uint8Array): boolean {
  const offset = 1 + 4 * (data[0] ?? 0)
  if (data.length < offset + 4) return false
  return new DataView(data.buffer, data.byteOffset).getUint32(offset) > data.length - offset - 4
}

/** The limit of a wait. */
export function limitOf(wait: ApduWait, limits: DeviceLimits): number {
  switch (wait) {
    case 'nobody':
      return limits.quietMs
    case 'firstPart':
      return limits.firstPartMs
    case 'person':
      return limits.personMs
  }
}
