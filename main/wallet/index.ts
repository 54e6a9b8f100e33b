export { DeviceNotAllowedError, allowEmulatorVariable, openOperatorDevice } from './open-device.ts'
export type { DeviceOptions, OpenedDevice } from './open-device.ts'
export { DevelopmentAccountError } from './development-accounts.ts'
export { DeviceError, StepUnderWayError } from './ledger/device-error.ts'
export { neededAppVersion } from './ledger/read-app.ts'
export { udevRule, udevRulePath } from './ledger/udev-rule.ts'
export { parseDeviceChoice } from './parse-device-choice.ts'
export { practiceOperatorSigner } from './practice-operator.ts'
export {
  createPracticeLedger,
  operatorAccount,
  pressAlways,
  seededKeys,
  servePracticeLedger,
  singleKey,
} from './practice-ledger/index.ts'
export type { Decision, PracticeKeys, PracticeLedger, PracticeLedgerServer } from './practice-ledger/index.ts'
export { UnreadableTextError } from './readable-text.ts'
export { UnknownPathError } from './unknown-path.ts'
