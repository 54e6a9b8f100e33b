import type { SerialPort } from 'serialport'
import { MeterError, type MeterConnection } from './meter-driver.ts'
import { closeSerialPort, formatName, openSerialPort, watchDevice, type SerialFormat } from './serial-port.ts'
import { TelegramFeed } from './telegram-feed.ts'

/** P1 of version 4 and later; P1 of version 2 and 3, and D0; D0 heads that undo the parity. */
const usualFormats: readonly SerialFormat[] = [
  { baudRate: 115_200, frame: '8N1' },
  { baudRate: 9_600, frame: '7E1' },
  { baudRate: 9_600, frame: '8N1' },
]
/** Twice the ten seconds between telegrams of old meters, and some. */
const usualSilenceMs = 25_000

/**
 * Telegrams from a serial port. The meter talks by itself; nothing is sent to it. When what arrives is no text, that is told and the
 * next usual speed is tried; `format` is for meters of which it is known.
 */
export function p1Serial(
  path: string,
  o: { readonly format?: SerialFormat | undefined; readonly silenceMs?: number } = {},
): MeterConnection {
  const formats = o.format === undefined ? usualFormats : [o.format]
  let attempt = 0
  return async (listening, signal) => {
    const format = formats[attempt % formats.length]!
    const port = await openSerialPort(path, format)
    try {
      await listen(port, { silenceMs: o.silenceMs ?? usualSilenceMs, signal, path }, new TelegramFeed(listening))
    } catch (error) {
      if (!(error instanceof NotText)) throw error
      attempt++
      const next = formats.length > 1 ? ` ${formatName(formats[attempt % formats.length]!)} is tried next.` : ''
      throw new MeterError('wrongBaudRate', `What arrives at ${path} is no text at ${formatName(format)}.${next}`)
    } finally {
      await closeSerialPort(port)
    }
  }
}

class NotText extends Error {}

function listen(
  port: SerialPort,
  o: { readonly path: string; readonly silenceMs: number; readonly signal: AbortSignal },
  feed: TelegramFeed,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const silent = () =>
      reject(
        new MeterError(
          'silent',
          `Nothing arrives at ${o.path}. Check the cable, and that the port of the meter is switched on.`,
        ),
      )
    let timer = setTimeout(silent, o.silenceMs)
    const gone = () => reject(new MeterError('notThere', `The serial port ${o.path} is gone. Plug the cable in again.`))
    const unwatch = watchDevice(o.path, gone)
    const end = () => resolve()
    if (o.signal.aborted) end()
    o.signal.addEventListener('abort', end, { once: true })
    port.on('data', (bytes: Uint8Array) => {
      clearTimeout(timer)
      timer = setTimeout(silent, o.silenceMs)
      if (!feed.push(bytes)) reject(new NotText())
    })
    // Any later one too: without a listener it would end the process.
    port.on('error', reject)
    port.once('close', () => {
      clearTimeout(timer)
      unwatch()
      o.signal.removeEventListener('abort', end)
      gone()
    })
  })
}
