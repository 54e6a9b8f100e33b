export { startEnergyRole, startEnergyRole as default } from './provider/start-energy-role.ts'
