export { startStorageRole, startStorageRole as default } from './provider/start-storage-role.ts'
