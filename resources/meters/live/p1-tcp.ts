import { connect, type Socket } from 'node:net'
import { MeterError, type MeterConnection } from './meter-driver.ts'
import { TelegramFeed } from './telegram-feed.ts'

const usualSilenceMs = 25_000

/** Telegrams from a serial server on the network, which passes on what its port hears. Nothing is sent to it. */
export function p1Tcp(host: string, port: number, o: { readonly silenceMs?: number } = {}): MeterConnection {
  return (listening, signal) => {
    const socket = connect({ host, port })
    socket.setTimeout(o.silenceMs ?? usualSilenceMs)
    const stop = () => socket.destroy()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    return listen(socket, new TelegramFeed(listening), `${host}:${port}`).finally(() => {
      signal.removeEventListener('abort', stop)
      socket.destroy()
    })
  }
}

function listen(socket: Socket, feed: TelegramFeed, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('data', (bytes) => {
      if (!feed.push(bytes))
        reject(
          new MeterError(
            'wrongBaudRate',
            `What ${name} passes on is no text. Set the speed of its serial port to the meter's.`,
          ),
        )
    })
    socket.once('timeout', () => reject(new MeterError('silent', `Nothing arrives from ${name}.`)))
    socket.once('error', (error) => reject(socketError(name, error)))
    socket.once('close', () => resolve())
  })
}

/** A failed connection in plain words. */
export function socketError(name: string, error: Error): MeterError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ECONNREFUSED')
    return new MeterError('unreachable', `Nothing answers at ${name}. Check address and port.`, error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new MeterError('unreachable', `There is no host ${name}.`, error)
  return new MeterError(
    'unreachable',
    `The connection to ${name} failed: ${code === '' ? error.message : code}.`,
    error,
  )
}
