import { TypedDataEncoder, getBytes, hexlify } from 'ethers'
import type { Apdu } from './apdu.ts'

/** One command of a whole typed message (EIP-712) as the app takes it: first all types, then the values of both roots in order. */
export type TypedPart =
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'root'; readonly name: string }
  | { readonly kind: 'array'; readonly length: number }
  /** A value, its length before it; long ones come in several commands. */
  | { readonly kind: 'value'; readonly bytes: Uint8Array; readonly last: boolean }
  /** How the vendor would have it shown. The practice device shows hashes all the same. */
  | { readonly kind: 'filter' }

type Field = { readonly name: string; readonly base: string; readonly sizes: string; readonly levels: number }
type Fields = ReadonlyMap<string, readonly Field[]>

/** What is signed of a typed message. */
export type TypedHashes = { readonly domainHash: Uint8Array; readonly messageHash: Uint8Array }

/** A struct in a struct in a struct: deeper ones are refused, also those that hold themselves. */
const deepest = 16

/** Reads one command of a typed message; null when it is none. Pure. */
export function readTypedPart({ ins, p1, p2, data }: Apdu): TypedPart | null {
  const text = () => new TextDecoder().decode(data)
  if (ins === 0x1e) return { kind: 'filter' }
  if (ins === 0x1a && p2 === 0) return { kind: 'type', name: text() }
  if (ins === 0x1a && p2 === 0xff) return readField(data)
  if (ins !== 0x1c) return null
  if (p2 === 0) return { kind: 'root', name: text() }
  if (p2 === 0x0f) return data.length === 1 ? { kind: 'array', length: data[0]! } : null
  return p2 === 0xff ? { kind: 'value', bytes: data.slice(), last: p1 === 0 } : null
}

/** A field: a byte of flags and the kind of its type, the name of a struct, the size, the levels of arrays, then its name. */
function readField(data: Uint8Array): TypedPart | null {
  let at = 0
  const byte = () => data[at++] ?? 0
  const word = () => {
    const length = byte()
    return new TextDecoder().decode(data.subarray(at, (at += length)))
  }
  const flags = byte()
  const struct = (flags & 0x0f) === 0 ? word() : null
  const size = (flags & 0x40) === 0 ? null : byte()
  const base = struct ?? baseOf(flags & 0x0f, size)
  const levels = (flags & 0x80) === 0 ? 0 : byte()
  let sizes = ''
  for (let level = 0; level < levels; level++) sizes += byte() === 0 ? '[]' : `[${byte()}]`
  const name = word()
  return base === null || at !== data.length ? null : { kind: 'field', field: { name, base, sizes, levels } }
}

function baseOf(kind: number, size: number | null): string | null {
  switch (kind) {
    case 1:
      return size === null ? null : `int${size * 8}`
    case 2:
      return size === null ? null : `uint${size * 8}`
    case 3:
      return 'address'
    case 4:
      return 'bool'
    case 5:
      return 'string'
    case 6:
      return size === null ? null : `bytes${size}`
    case 7:
      return 'bytes'
    default:
      return null
  }
}

/** Puts a message together and hashes it; null when its parts do not make one. Pure. */
export function hashTypedMessage(parts: readonly TypedPart[]): TypedHashes | null {
  try {
    const types = typesOf(parts)
    const roots = rootsOf(parts)
    const domain = roots.find(({ name }) => name === 'EIP712Domain')
    const message = roots.find(({ name }) => name !== 'EIP712Domain')
    if (domain === undefined || message === undefined || roots.length !== 2) return null
    return { domainHash: hashRoot(types, domain), messageHash: hashRoot(types, message) }
  } catch {
    // Whatever does not fit its type is no message, as far as a device is concerned.
    return null
  }
}

function typesOf(parts: readonly TypedPart[]): Fields {
  const types = new Map<string, Field[]>()
  let present: Field[] = []
  for (const part of parts) {
    if (part.kind === 'type') types.set(part.name, (present = []))
    if (part.kind === 'field') present.push(part.field)
  }
  return types
}

type Root = { readonly name: string; readonly tokens: (number | Uint8Array)[] }

/** Values in the order of sending, under the root that they belong to; a number is the length of an array. */
function rootsOf(parts: readonly TypedPart[]): Root[] {
  const roots: Root[] = []
  let begun: number[] = []
  for (const part of parts) {
    const tokens = roots.at(-1)?.tokens
    if (part.kind === 'root') roots.push({ name: part.name, tokens: [] })
    if (part.kind === 'array') tokens?.push(part.length)
    if (part.kind !== 'value') continue
    begun = [...begun, ...part.bytes]
    if (!part.last) continue
    if (begun.length !== 2 + begun[0]! * 256 + begun[1]!)
      throw new RangeError('A value of another length than it says.')
    tokens?.push(Uint8Array.from(begun.slice(2)))
    begun = []
  }
  return roots
}

function hashRoot(types: Fields, { name, tokens }: Root): Uint8Array {
  const left = [...tokens]
  const value = takeStruct(types, name, left, 0)
  if (left.length > 0) throw new RangeError('More values than fields.')
  const used = Object.fromEntries([...reachable(types, name)].map((one) => [one, asEthers(types.get(one) ?? [])]))
  return getBytes(TypedDataEncoder.from(used).hashStruct(name, value))
}

function asEthers(fields: readonly Field[]) {
  return fields.map(({ name, base, sizes }) => ({ name, type: `${base}${sizes}` }))
}

function reachable(types: Fields, name: string, found = new Set<string>()): Set<string> {
  if (found.has(name) || !types.has(name)) return found
  found.add(name)
  for (const { base } of types.get(name) ?? []) reachable(types, base, found)
  return found
}

function takeStruct(types: Fields, name: string, left: Root['tokens'], depth: number): Record<string, unknown> {
  const fields = types.get(name)
  if (fields === undefined || depth > deepest) throw new RangeError('A type that is not there, or too deep.')
  return Object.fromEntries(fields.map((field) => [field.name, take(types, field, field.levels, left, depth)]))
}

function take(types: Fields, field: Field, levels: number, left: Root['tokens'], depth: number): unknown {
  if (levels === 0 && types.has(field.base)) return takeStruct(types, field.base, left, depth + 1)
  const token = left.shift()
  if (levels > 0) {
    if (typeof token !== 'number') throw new RangeError('An array without a length.')
    return Array.from({ length: token }, () => take(types, field, levels - 1, left, depth))
  }
  if (!(token instanceof Uint8Array)) throw new RangeError('A value is missing.')
  return valueOf(field.base, token)
}

function valueOf(base: string, bytes: Uint8Array): unknown {
  const number = () => BigInt(bytes.length === 0 ? 0 : hexlify(bytes))
  if (base === 'string') return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (base === 'bool') return number() !== 0n
  if (base.startsWith('uint')) return number()
  if (base.startsWith('int')) return BigInt.asIntN(bytes.length * 8, number())
  return hexlify(bytes)
}
