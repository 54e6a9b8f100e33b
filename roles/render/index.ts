export { startRenderRole, startRenderRole as default } from './provider/start-render-role.ts'
