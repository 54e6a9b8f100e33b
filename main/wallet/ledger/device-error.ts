import { HearthError } from '../../../roles/api/errors.ts'
import type { DeviceState } from '../../api/wallet.ts'
import { wordsOf } from './device-words.ts'

/** A step on a device failed in a way that a person can do something about; `state` says which. */
export class DeviceError extends HearthError {
  readonly state: DeviceState

  constructor(state: DeviceState, cause?: unknown) {
    const { code, message, action } = wordsOf(state)
    super(code, message, { action, details: { state }, cause })
    this.state = state
  }
}

/** A device takes one step at a time, and one is under way. Nothing was sent. */
export class StepUnderWayError extends HearthError {
  constructor() {
    super('DEVICE_STEP_UNDER_WAY', 'The device is already being asked something.', {
      action: 'Answer it on the device or cancel it here, then try again.',
    })
  }
}

/** No answer within a limit. `asked` says whether a person was being waited for, `signing` whether it was a request to sign. */
export class SilentDeviceError extends HearthError {
  readonly asked: boolean
  readonly signing: boolean

  constructor(o: { asked: boolean; signing: boolean; limitMs: number }) {
    super('DEVICE_SILENT', `The device did not answer within ${o.limitMs} ms.`)
    this.asked = o.asked
    this.signing = o.signing
  }
}
