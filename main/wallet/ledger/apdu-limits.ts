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

/** What an APDU waits for, and how many bytes of a text are still to come after it. */
export type ApduWait = { readonly for: 'nobody' | 'nextPart' | 'person'; readonly restBytes: number }

/**
 * Whether the answer to an APDU waits for a person. Pure; `restBytes` is what the APDU before it left open.
 *
 * The last part of a text, every part of a transaction (its end is not known here) and an address to be shown do.
 */
export function waitOf(apdu: Uint8Array, restBytes: number): ApduWait {
  const [cla, ins, p1] = apdu
  const data = apdu.subarray(5)
  if (cla !== 0xe0) return { for: 'nobody', restBytes: 0 }
  if (ins === 0x08) {
    const rest =
      p1 === 0 ? textLength(data) - Math.max(0, data.length - 5 - 4 * (data[0] ?? 0)) : restBytes - data.length
    return { for: rest > 0 ? 'nextPart' : 'person', restBytes: Math.max(0, rest) }
  }
  const asks = ins === 0x04 || ins === 0x0c || (ins === 0x02 && p1 === 1)
  return { for: asks ? 'person' : 'nobody', restBytes: 0 }
}

/** The announced length of a text stands behind the path. */
function textLength(data: Uint8Array): number {
  const offset = 1 + 4 * (data[0] ?? 0)
  if (data.length < offset + 4) return 0
  return new DataView(data.buffer, data.byteOffset).getUint32(offset)
}

/** The limit of a wait. */
export function limitOf(wait: ApduWait, limits: DeviceLimits): number {
  switch (wait.for) {
    case 'nobody':
      return limits.quietMs
    case 'nextPart':
      return limits.firstPartMs
    case 'person':
      return limits.personMs
  }
}
