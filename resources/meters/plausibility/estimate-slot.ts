import type { SlotFigures } from './judge-slot.ts'

/** A slot of the past that counted. */
export type PastSlot = SlotFigures & { readonly slot: number }

/** Like days that an estimate looks back on; more would reach into another season. */
const likeDays = 4

/**
 * What a slot whose registers cannot be believed most likely was: the mean of the same slot on up to four days before, else the slot
 * before, else nothing. Rounded down, so that an estimate never claims more.
 */
export function estimateSlot(slot: number, slotsPerDay: number, past: readonly PastSlot[]): SlotFigures {
  const same = past.filter((one) => one.slot < slot && (slot - one.slot) % slotsPerDay === 0).slice(-likeDays)
  const basis = same.length > 0 ? same : past.filter((one) => one.slot < slot).slice(-1)
  return { importWh: mean(basis, 'importWh'), exportWh: mean(basis, 'exportWh') }
}

function mean(slots: readonly PastSlot[], register: 'importWh' | 'exportWh'): number {
  const told = slots.map((slot) => slot[register]).filter((value) => value !== null)
  return told.length === 0 ? 0 : Math.floor(told.reduce((sum, value) => sum + value, 0) / told.length)
}
