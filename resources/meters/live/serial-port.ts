import { realpath, stat } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import { MeterError } from './meter-driver.ts'

/** Speed and frame of a serial line, as 115200 8N1 is written. */
export type SerialFormat = { readonly baudRate: number; readonly frame: '8N1' | '7E1' | '8E1' }

export function formatName({ baudRate, frame }: SerialFormat): string {
  return `${baudRate} ${frame}`
}

/** Opens a serial port for reading. Rejects with a MeterError that says why it cannot be. */
export async function openSerialPort(path: string, { baudRate, frame }: SerialFormat): Promise<SerialPort> {
  const port = new SerialPort({
    path,
    baudRate,
    dataBits: frame.startsWith('7') ? 7 : 8,
    parity: frame[1] === 'E' ? 'even' : 'none',
    stopBits: 1,
    autoOpen: false,
  })
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(serialError(path, error))))
  })
  // What the system has kept from before is of another moment.
  await new Promise<void>((resolve) => port.flush(() => resolve()))
  return port
}

/** Closes a port; one that is gone already is no failure. */
export function closeSerialPort(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    if (!port.isOpen) return resolve()
    port.close(() => resolve())
  })
}

const lookEveryMs = 1_000

/**
 * Calls `gone` once when the device behind an open port has left the system. The port itself does not always say so: after a hang-up
 * Linux answers every read with nothing, which the library reads again and again. Returns its undo. On Windows ports are no files
 * and the library notices by itself.
 */
export function watchDevice(path: string, gone: () => void): () => void {
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const end = () => {
    ended = true
    clearInterval(timer)
  }
  void realpath(path).then(
    (device) => {
      if (ended) return
      timer = setInterval(() => {
        stat(device).catch(() => {
          if (!ended) gone()
          end()
        })
      }, lookEveryMs)
    },
    () => {
      if (!ended && process.platform !== 'win32') gone()
    },
  )
  return end
}

function serialError(path: string, error: Error): MeterError {
  const { message } = error
  if (/no such file|not found|cannot find/i.test(message))
    return new MeterError('notThere', `There is no serial port ${path}. Plug the cable in.`, error)
  if (/permission|access denied|EACCES/i.test(message))
    return new MeterError('denied', `The serial port ${path} may not be read. On Linux, join the group dialout.`, error)
  if (/lock|busy|resource temporarily/i.test(message))
    return new MeterError('busy', `Another program is using the serial port ${path}. Close it.`, error)
  return new MeterError('failed', `The serial port ${path} cannot be opened (${message}).`, error)
}
