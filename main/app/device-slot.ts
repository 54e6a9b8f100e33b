import type { Undo } from '../../roles/api/values.ts'
import type { OperatorDevice } from '../api/hardware-signer.ts'
import type { DeviceChoice } from '../api/wallet.ts'
import type { OpenedDevice } from '../wallet/index.ts'

/** The one device that is in use; another choice takes its place. */
export class DeviceSlot {
  readonly #open: (choice: DeviceChoice) => OpenedDevice
  readonly #onChange: () => void
  #opened: OpenedDevice
  #undo: readonly Undo[]

  constructor(o: {
    choice: DeviceChoice
    open: (choice: DeviceChoice) => OpenedDevice
    /** Its state or the practice screen has changed. */
    onChange: () => void
  }) {
    this.#open = o.open
    this.#onChange = o.onChange
    this.#opened = o.open(o.choice)
    this.#undo = this.#follow(this.#opened)
  }

  get device(): OperatorDevice {
    return this.#opened.device
  }

  /** The one to draw in the window; null unless it was chosen. */
  get practiceLedger(): OpenedDevice['practiceLedger'] {
    return this.#opened.practiceLedger
  }

  /** Throws when the choice may not sign on this network; the present device then stays. */
  async replace(choice: DeviceChoice): Promise<void> {
    const next = this.#open(choice)
    await this.close()
    this.#opened = next
    this.#undo = this.#follow(next)
  }

  async close(): Promise<void> {
    for (const undo of this.#undo) undo()
    await this.device.close()
  }

  #follow({ device, practiceLedger }: OpenedDevice): Undo[] {
    const drawn = practiceLedger?.onChange(this.#onChange)
    return [device.subscribe(this.#onChange), ...(drawn === undefined ? [] : [drawn])]
  }
}
