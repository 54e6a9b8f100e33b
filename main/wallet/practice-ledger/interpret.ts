import { isEthereumPath, splitPath, status } from './apdu.ts'
import type { Apdu, Status } from './apdu.ts'
import { rlpLength } from './rlp-length.ts'
import { readTypedPart } from './typed-message.ts'
import type { TypedPart } from './typed-message.ts'

/** What the app is asked, once all its parts are there. */
export type DeviceRequest =
  | { readonly kind: 'app' }
  | { readonly kind: 'configuration' }
  | { readonly kind: 'address'; readonly path: Path; readonly display: boolean; readonly chainCode: boolean }
  | { readonly kind: 'message'; readonly path: Path; readonly bytes: Uint8Array }
  | { readonly kind: 'transaction'; readonly path: Path; readonly bytes: Uint8Array }
  | {
      readonly kind: 'typedData'
      readonly path: Path
      readonly domainHash: Uint8Array
      readonly messageHash: Uint8Array
    }
  /** A type or a value of a whole typed message. */
  | { readonly kind: 'typedPart'; readonly part: TypedPart }
  /** All parts of a typed message are there. */
  | { readonly kind: 'typedEnd'; readonly path: Path }

export type Path = readonly number[]

/** A text or transaction of which parts are still to come. */
export type Partial = {
  readonly kind: 'message' | 'transaction'
  readonly path: Path
  /** Known from the start for a text; of a transaction from its first bytes on. */
  readonly totalBytes: number
  readonly bytes: Uint8Array
}

/** What a command leads to. `partial` replaces what was kept before. */
export type Interpretation =
  | { readonly kind: 'answer'; readonly status: Status; readonly partial: Partial | null }
  | { readonly kind: 'request'; readonly request: DeviceRequest }

/** Longest text or transaction; the real app streams longer ones, no rehearsal needs them. */
const maximumBytes = 16 * 1024

/** True for commands that wait while a question is on the screen. The others are answered in between. */
export function asksPerson({ cla, ins, p1 }: Apdu): boolean {
  if (cla !== 0xe0) return false
  return (ins === 0x02 && p1 === 1) || [0x04, 0x08, 0x0c, 0x1a, 0x1c, 0x1e].includes(ins)
}

/** Makes sense of a command, given what came before it. Pure. */
export function interpret(apdu: Apdu, partial: Partial | null): Interpretation {
  if (apdu.cla === 0xb0) return apdu.ins === 0x01 ? request({ kind: 'app' }) : fail(status.unknownInstruction)
  if (apdu.cla !== 0xe0) return fail(status.unknownClass)
  switch (apdu.ins) {
    case 0x02:
      return interpretAddress(apdu)
    case 0x04:
      return interpretPart(apdu, 'transaction', partial)
    case 0x06:
      return request({ kind: 'configuration' })
    case 0x08:
      return interpretPart(apdu, 'message', partial)
    case 0x0c:
      return interpretTypedData(apdu)
    case 0x1a:
    case 0x1c:
    case 0x1e: {
      const part = readTypedPart(apdu)
      return part === null ? fail(status.invalidData) : request({ kind: 'typedPart', part })
    }
    default:
      return fail(status.unknownInstruction)
  }
}

function interpretAddress({ p1, p2, data }: Apdu): Interpretation {
  const split = splitPath(data)
  if (split === null) return fail(status.invalidData)
  if (p1 > 1 || p2 > 1) return fail(status.wrongParameter)
  if (!isEthereumPath(split.path)) return fail(status.pathNotAllowed)
  return request({ kind: 'address', path: split.path, display: p1 === 1, chainCode: p2 === 1 })
}

/** The two hashes of a message, or the end of one that was sent whole. */
function interpretTypedData({ p2, data }: Apdu): Interpretation {
  const split = splitPath(data)
  if (split?.rest.length !== (p2 === 0 ? 64 : 0)) return fail(status.invalidData)
  if (!isEthereumPath(split.path)) return fail(status.pathNotAllowed)
  if (p2 !== 0) return request({ kind: 'typedEnd', path: split.path })
  const [domainHash, messageHash] = [split.rest.slice(0, 32), split.rest.slice(32)]
  return request({ kind: 'typedData', path: split.path, domainHash, messageHash })
}

function interpretPart(apdu: Apdu, kind: Partial['kind'], before: Partial | null): Interpretation {
  if (apdu.p1 !== 0 && apdu.p1 !== 0x80) return fail(status.wrongParameter)
  if (apdu.p1 === 0) return begin(apdu.data, kind)
  if (before?.kind !== kind) return fail(status.invalidData)
  return grow({ ...before, bytes: Uint8Array.of(...before.bytes, ...apdu.data) })
}

function begin(data: Uint8Array, kind: Partial['kind']): Interpretation {
  const split = splitPath(data)
  if (split === null) return fail(status.invalidData)
  if (!isEthereumPath(split.path)) return fail(status.pathNotAllowed)
  if (kind === 'transaction') return grow({ kind, path: split.path, totalBytes: 0, bytes: split.rest.slice() })
  if (split.rest.length < 4) return fail(status.invalidData)
  const totalBytes = new DataView(split.rest.buffer, split.rest.byteOffset).getUint32(0)
  return grow({ kind, path: split.path, totalBytes, bytes: split.rest.slice(4) })
}

function grow(partial: Partial): Interpretation {
  const { kind, path, bytes } = partial
  const totalBytes = kind === 'message' ? partial.totalBytes : transactionLength(bytes)
  if (totalBytes > maximumBytes || bytes.length > totalBytes) return fail(status.invalidData)
  if (bytes.length === totalBytes) return request({ kind, path, bytes })
  return { kind: 'answer', status: status.ok, partial: { ...partial, totalBytes } }
}

/** A typed transaction has its type before the list. As long as the length is not there yet, more must come. */
function transactionLength(bytes: Uint8Array): number {
  const isTyped = bytes[0] !== undefined && bytes[0] < 0x80
  const length = rlpLength(bytes.subarray(isTyped ? 1 : 0))
  if (length === null) return bytes.length < 10 ? bytes.length + 1 : 0
  return length + (isTyped ? 1 : 0)
}

function request(made: DeviceRequest): Interpretation {
  return { kind: 'request', request: made }
}

function fail(code: Status): Interpretation {
  return { kind: 'answer', status: code, partial: null }
}
