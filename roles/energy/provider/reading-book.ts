import { z } from 'zod'
import {
  findingCodeSchema,
  newSlotMeter,
  type SlotEnergy,
  type SlotMeter,
  slotMeterSchema,
} from '../../../resources/meters/plausibility/index.ts'
import type { Database, Migration } from '../../persistence/index.ts'
import { zeroHash } from '../protocol/settlement/settle-day.ts'
import { slotReadingSchema } from '../protocol/typed-data.ts'
import type { MeteredSlot } from './sign-slots.ts'

/** Schema of the energy role's readings; append to the migrations of its database. */
export const readingMigrations: readonly Migration[] = [
  {
    title: 'slots of the own meter, and what the next ones are made from',
    sql: `CREATE TABLE slots (
        slot INTEGER PRIMARY KEY, quality TEXT NOT NULL, import_wh INTEGER, export_wh INTEGER,
        raw_import_wh INTEGER, raw_export_wh INTEGER, findings TEXT NOT NULL,
        reading TEXT, hash TEXT, signature TEXT) STRICT;
      CREATE TABLE slot_meter (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL) STRICT`,
  },
]

/** What the worker keeps of its meter: every slot once, signed or not, and where to go on after a crash. */
export type ReadingBook = {
  /**
   * Keeps a slot, durable when this returns, together with what the next slots are made from. A slot that is kept already stays as it
   * is: of two signed readings of one slot nobody could say which counts. Returns false then.
   */
  keep(slot: MeteredSlot, meter: SlotMeter | null): boolean
  /** Where `signSlots` goes on. */
  resume(): { readonly meter: SlotMeter; readonly previousHash: string; readonly lastSlot: number }
  /** Slots from the first to the last number, both included, in order. */
  slots(first: number, last: number): MeteredSlot[]
}

const figure = z.int().nonnegative().nullable()
const rowSchema = z.object({
  slot: z.int(),
  quality: z.enum(['measured', 'estimated']),
  import_wh: figure,
  export_wh: figure,
  raw_import_wh: figure,
  raw_export_wh: figure,
  findings: z.string(),
  reading: z.string().nullable(),
  hash: z.string().nullable(),
  signature: z.string().nullable(),
})

/** The book over a database that was opened with `readingMigrations`. */
export function createReadingBook(database: Database): ReadingBook {
  const add = database.prepare('INSERT INTO slots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const setState = database.prepare('INSERT OR REPLACE INTO slot_meter VALUES (1, ?)')
  const state = database.prepare('SELECT state FROM slot_meter')
  const between = database.prepare('SELECT * FROM slots WHERE slot BETWEEN ? AND ? ORDER BY slot')
  const newest = database.prepare('SELECT max(slot) AS slot FROM slots')
  const lastSigned = database.prepare('SELECT hash FROM slots WHERE hash IS NOT NULL ORDER BY slot DESC LIMIT 1')
  return {
    keep: (slot, meter) =>
      database.transaction(() => {
        const isNew = add.run(...valuesOf(slot)).changes === 1
        if (isNew && meter !== null) setState.run(JSON.stringify(meter))
        return isNew
      }),
    resume: () => ({
      meter: readState(state.get()?.['state']),
      previousHash: String(lastSigned.get()?.['hash'] ?? zeroHash),
      lastSlot: Number(newest.get()?.['slot'] ?? -1),
    }),
    slots: (first, last) => between.all(first, last).map(slotOf),
  }
}

function valuesOf({ energy, signed }: MeteredSlot) {
  const { slot, quality, importWh, exportWh, raw, findings } = energy
  const words = signed === null ? [null, null, null] : [JSON.stringify(signed.reading), signed.hash, signed.signature]
  return [slot, quality, importWh, exportWh, raw.importWh, raw.exportWh, JSON.stringify(findings), ...words]
}

function slotOf(row: unknown): MeteredSlot {
  const { slot, quality, reading, hash, signature, ...figures } = rowSchema.parse(row)
  const energy: SlotEnergy = {
    slot,
    quality,
    importWh: figures.import_wh,
    exportWh: figures.export_wh,
    raw: { importWh: figures.raw_import_wh, exportWh: figures.raw_export_wh },
    findings: z.array(findingCodeSchema).parse(JSON.parse(figures.findings)),
  }
  if (reading === null || hash === null || signature === null) return { energy, signed: null }
  return { energy, signed: { reading: slotReadingSchema.parse(JSON.parse(reading)), hash, signature } }
}

/** A state that another version wrote in another form begins anew: that costs a slot, a wrong one would cost money. */
function readState(text: unknown): SlotMeter {
  if (typeof text !== 'string') return newSlotMeter
  const parsed = slotMeterSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : newSlotMeter
}
