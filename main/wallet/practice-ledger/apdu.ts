/** Commands and answers of the Ethereum app, as bytes (its `doc/ethapp`; ISO 7816-4). */

/** One command: header and data. */
export type Apdu = {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  readonly data: Uint8Array
}

/** The last two bytes of every answer. Those that were seen on the vendor's app carry its name for them. */
export const status = {
  ok: 0x9000,
  refused: 0x6985,
  notClearSignable: 0x6a80,
  invalidData: 0x6a80,
  pathNotAllowed: 0x6a15,
  locked: 0x5515,
  wrongLength: 0x6700,
  wrongParameter: 0x6b00,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
} as const

export type Status = (typeof status)[keyof typeof status]

/** Reads a command; null when its length does not fit its header. */
export function parseApdu(bytes: Uint8Array): Apdu | null {
  const [cla, ins, p1, p2, length = 0] = bytes
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return null
  const data = bytes.subarray(5)
  return data.length === length ? { cla, ins, p1, p2, data } : null
}

/** An answer: data, then the status. */
export function answer(code: Status, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, code >> 8, code & 0xff)
}

/** A value with its length in one byte before it. */
export function withLength(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(bytes.length, ...bytes)
}

/** A BIP-32 path at the front of the data and what follows it; null when the data is too short or the path too long. */
export function splitPath(data: Uint8Array): { path: readonly number[]; rest: Uint8Array } | null {
  const count = data[0] ?? 0
  const end = 1 + 4 * count
  if (count < 1 || count > 10 || data.length < end) return null
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const path = Array.from({ length: count }, (_, index) => view.getUint32(1 + 4 * index))
  return { path, rest: data.subarray(end) }
}

/** Added to the index of a hardened step (BIP 32). */
export const hardened = 0x80000000

/** The Ethereum app derives only below `44'/60'`. */
export function isEthereumPath(path: readonly number[]): boolean {
  return path[0] === hardened + 44 && path[1] === hardened + 60
}

/** `m/44'/60'/0'/0/0` */
export function pathText(path: readonly number[]): string {
  const parts = path.map((index) => (index >= hardened ? `${index - hardened}'` : `${index}`))
  return ['m', ...parts].join('/')
}
