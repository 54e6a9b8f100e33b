import { MeterError } from '../live/meter-driver.ts'

/** Reads holding registers; rejects with a MeterError. Nothing here can write. */
export type ReadRegisters = (address: number, count: number) => Promise<Uint16Array>

/** One model of a device: where its identifier lies, and how many registers follow identifier and length. */
export type ModelPlace = { readonly id: number; readonly address: number; readonly length: number }

/** Where SunSpec maps may begin (specification, section 6.1.1), the usual one first. */
const baseAddresses = [40_000, 0, 50_000]
const [markHigh, markLow] = [0x5375, 0x6e53] // "SunS"
const endModel = 0xffff
/** A device with more is broken, or someone leads us in circles. */
const mostModels = 64
const lastAddress = 65_535

/** Finds the map of a device and lists its models. Rejects with `notSunSpec` when there is none at any usual place. */
export async function walkModels(read: ReadRegisters): Promise<ModelPlace[]> {
  const base = await findBase(read)
  const models: ModelPlace[] = []
  for (let address = base + 2; address < lastAddress && models.length < mostModels;) {
    const head = await read(address, 2)
    const [id = endModel, length = 0] = head
    if (id === endModel || length === 0) return models
    models.push({ id, address, length })
    address += length + 2
  }
  return models
}

async function findBase(read: ReadRegisters): Promise<number> {
  for (const address of baseAddresses) {
    const mark = await read(address, 2).catch((error: unknown) => {
      // A device says "no such register" where it has no map; any other trouble is about the whole device.
      if (error instanceof MeterError && error.code === 'exception') return new Uint16Array(2)
      throw error
    })
    if (mark[0] === markHigh && mark[1] === markLow) return address
  }
  throw new MeterError(
    'notSunSpec',
    'The device answers, but it has no SunSpec map. Switch SunSpec on in its settings.',
  )
}

/** A Modbus answer holds at most 125 registers. */
const mostAtOnce = 120

/** All registers of a model, identifier and length included. */
export async function readModel(read: ReadRegisters, { address, length }: ModelPlace): Promise<Uint16Array> {
  const registers = new Uint16Array(length + 2)
  for (let at = 0; at < registers.length; at += mostAtOnce) {
    registers.set(await read(address + at, Math.min(mostAtOnce, registers.length - at)), at)
  }
  return registers
}
