export { attachPractice, type PracticeAttachment } from './attach-practice.ts'
export {
  HomeOnOtherNetworkError,
  defaultNeighbours,
  startPractice,
  type PracticeNetwork,
  type PracticeProgress,
  type StartPracticeOptions,
} from './start-practice.ts'
export type { Neighbour } from './running-file.ts'
export { createPracticeStarter } from './practice-starter.ts'
export { customerUpkeep } from './customer/customer-upkeep.ts'
export { openCustomer, type OpenCustomer } from './customer/open-customer.ts'
export { enrol } from './customer/enrol.ts'
export { handToNeighbour } from './neighbours/ticket-folder.ts'
export { wakeRenderers } from './customer/wake-renderers.ts'
