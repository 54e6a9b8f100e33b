import type { DeviceChoice } from '../../state/snapshot.ts'

/** What may hold the operator's key, as a person chooses it. */
export const holders = ['practiceKey', 'practiceTouch', 'practiceTwoButton', 'usb', 'speculos'] as const

export type Holder = (typeof holders)[number]

/** The holder that a choice means. */
export function holderOf(choice: DeviceChoice): Holder {
  switch (choice.kind) {
    case 'practiceKey':
    case 'usb':
    case 'speculos':
      return choice.kind
    case 'practiceLedger':
      return choice.model === 'touch' ? 'practiceTouch' : 'practiceTwoButton'
  }
}

/** The choice that a holder means; null where an address must be given first. */
export function toChoice(holder: Holder): DeviceChoice | null {
  switch (holder) {
    case 'practiceKey':
      return { kind: 'practiceKey' }
    case 'practiceTouch':
      return { kind: 'practiceLedger', model: 'touch' }
    case 'practiceTwoButton':
      return { kind: 'practiceLedger', model: 'twoButton' }
    case 'usb':
      return { kind: 'usb' }
    case 'speculos':
      return null
  }
}

/** True for what exists on practice networks only. */
export function isForPractice(holder: Holder): boolean {
  return holder !== 'usb' && holder !== 'speculos'
}

/** Reads where an emulator listens; `endpoint` is null while either part is wrong. */
export function readEndpoint(
  host: string,
  port: string,
): { readonly endpoint: { host: string; port: number } | null; readonly hostOk: boolean; readonly portOk: boolean } {
  const name = host.trim()
  const hostOk = /^[A-Za-z0-9.:-]{1,253}$/.test(name)
  const portOk = /^[1-9][0-9]{0,4}$/.test(port.trim()) && Number(port) <= 65_535
  return { endpoint: hostOk && portOk ? { host: name, port: Number(port) } : null, hostOk, portOk }
}
