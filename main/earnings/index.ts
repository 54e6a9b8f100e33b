export { authorizeMachine, machineLimits } from './authorize-machine.ts'
export { openEarningsBook, type EarningsBook } from './earnings-book.ts'
export { earningsCsv } from './earnings-csv.ts'
export { localDayOf } from './local-day.ts'
