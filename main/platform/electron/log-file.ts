import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../../roles/api/values.ts'

const maximumBytes = 5 * 1024 ** 2

/**
 * Writes one JSON object a line to `app.log` in the folder, and keeps one older file. Written at once and in order: what
 * a person needs most are the lines just before an end.
 */
export function openLogFile(directory: string): Log {
  const file = join(directory, 'app.log')
  const write = (level: string, message: string, details?: Readonly<Record<string, unknown>>) => {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      rotate(file)
      const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...printable(details) })
      appendFileSync(file, `${line}\n`, { mode: 0o600 })
    } catch {
      // A full or read-only disk must not take the app down; the window tells about the disk.
    }
  }
  return {
    debug: (message, details) => write('debug', message, details),
    info: (message, details) => write('info', message, details),
    warn: (message, details) => write('warn', message, details),
    error: (message, details) => write('error', message, details),
  }
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > maximumBytes) renameSync(file, `${file}.1`)
}

function printable(details: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, printableValue(value)]))
}

function printableValue(value: unknown): unknown {
  if (value instanceof Error) return value.stack ?? value.message
  return typeof value === 'bigint' ? value.toString() : value
}
