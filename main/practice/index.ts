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
