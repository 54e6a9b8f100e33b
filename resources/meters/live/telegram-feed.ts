import { decodeP1 } from '../p1/decode-p1.ts'
import { endOfTelegram, findTelegram } from '../p1/find-telegram.ts'
import type { Listening } from './meter-driver.ts'

const slash = 0x2f
/** The longest telegrams (Belgian ones with a year of monthly peaks) have some three kilobytes. */
const longestTelegramBytes = 16_384
/** So many bytes tell noise from text. */
const judgedBytes = 256
/** Text has no other bytes; at a wrong speed or with a wrong parity about half are. */
const leastReadable = 0.75

/**
 * Takes the bytes of a line as they come and tells the telegrams in them. What is no part of a telegram is thrown away: noise, a
 * beginning whose rest never came, an end whose beginning was missed.
 */
export class TelegramFeed {
  private held: Uint8Array = new Uint8Array(0)
  private judged = 0
  private readable = 0
  private readonly listening: Listening
  private readonly nowMs: () => number

  constructor(listening: Listening, nowMs: () => number = Date.now) {
    this.listening = listening
    this.nowMs = nowMs
  }

  /** Takes bytes. Returns false when what arrives is no text, so that speed or parity of the line must be wrong. */
  push(bytes: Uint8Array): boolean {
    this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes])
    for (let more = true; more;) more = this.takeOne()
    return this.judge(bytes)
  }

  private takeOne(): boolean {
    const found = findTelegram(this.held)
    if (found === 'none') this.held = new Uint8Array(0)
    if (found === 'half') this.dropNoise(this.held.indexOf(slash))
    if (typeof found === 'string') return false
    const end = endOfTelegram(this.held, found)
    if (end === null) {
      this.dropNoise(found.start)
      return false
    }
    const telegram = this.held.slice(found.start, end)
    this.held = this.held.slice(end)
    this.judged = this.readable = 0
    const decoded = decodeP1(telegram, this.nowMs())
    if (decoded.kind === 'reading') this.listening.reading(decoded.reading)
    else this.listening.trouble({ code: 'unreadable', message: decoded.refusal.message })
    return true
  }

  /** Keeps what is held from where a telegram may begin, unless it has become longer than any. */
  private dropNoise(start: number): void {
    const tooLong = this.held.length - start > longestTelegramBytes
    this.held = this.held.slice(tooLong ? this.held.length : start)
  }

  private judge(bytes: Uint8Array): boolean {
    for (const byte of bytes) if ((byte >= 0x20 && byte < 0x7f) || (byte >= 0x02 && byte <= 0x0d)) this.readable++
    this.judged += bytes.length
    if (this.judged < judgedBytes) return true
    const isText = this.readable >= this.judged * leastReadable
    this.judged = this.readable = 0
    return isText
  }
}
