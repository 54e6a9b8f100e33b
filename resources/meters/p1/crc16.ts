/** CRC16 as P1 companion standards have it: x^16 + x^15 + x^2 + 1, reflected, start 0, no final inversion. */
const polynomial = 0xa001

/** Eight tables, so that eight bytes are folded in one step. */
const tables = makeTables()

function makeTables(): Uint16Array[] {
  const first = Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    return crc
  })
  const all = [first]
  for (let index = 1; index < 8; index++) {
    all.push(all[index - 1]!.map((crc) => (crc >>> 8) ^ first[crc & 0xff]!))
  }
  return all
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
  Uint16Array,
]

/** CRC16 of the bytes from `start` up to but without `end`. */
export function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0
  let at = start
  for (; at + 8 <= end; at += 8) {
    crc =
      t7[(bytes[at]! ^ crc) & 0xff]! ^
      t6[bytes[at + 1]! ^ (crc >>> 8)]! ^
      t5[bytes[at + 2]!]! ^
      t4[bytes[at + 3]!]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!
  return crc
}
