/** CRC16 bit by bit, written apart from the one under test. */
export function bitwiseCrc16(text: string): number {
  let crc = 0
  for (const character of text) {
    crc ^= character.charCodeAt(0)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1
  }
  return crc
}

/** A P1 telegram of these lines with its checksum. */
export function p1Telegram(lines: readonly string[], name = '/TST5\\HEARTH-1'): Uint8Array {
  const body = `${[name, '', ...lines].map((line) => `${line}\r\n`).join('')}!`
  const crc = bitwiseCrc16(body).toString(16).toUpperCase().padStart(4, '0')
  return Buffer.from(`${body}${crc}\r\n`, 'latin1')
}

/** A telegram without a checksum, as D0 and old P1 meters send. */
export function plainTelegram(lines: readonly string[], name = '/TST4\\HEARTH-D0'): Uint8Array {
  return Buffer.from(`${[name, '', ...lines, '!'].map((line) => `${line}\r\n`).join('')}`, 'latin1')
}
