import { z } from 'zod'

/** 20-byte account as 0x-hex. Compare with `sameAddress`, since casing carries only a checksum. */
export const addressSchema = z.string().regex(/^0x[0-9a-fA-F]{40}$/)

/** 32-byte value as lower-case 0x-hex. */
export const bytes32Schema = z.string().regex(/^0x[0-9a-f]{64}$/)

/** Any bytes as 0x-hex. */
export const hexSchema = z.string().regex(/^0x([0-9a-fA-F]{2})*$/)

/** An amount of the network's smallest unit, as a decimal string where it leaves a process as text. */
export const weiTextSchema = z.string().regex(/^(0|[1-9][0-9]*)$/)

/** True when both are the same account. */
export function sameAddress(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

/** Ends a subscription or a registration; calling it twice does nothing more. */
export type Undo = () => void

/** Where a part writes what it did, for a person who looks for the cause of something. */
export type Log = {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** A log that keeps nothing, for callers that do not want one. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
