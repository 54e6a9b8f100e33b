// An Electron without a window that runs one bench in a utility process, as the app runs its workers, and passes on what it
// prints. It ends with the bench, or when whoever started it is gone.
import { app, utilityProcess } from 'electron'

const { entry, args } = JSON.parse(process.env.HEARTH_BENCH ?? '{}')
const parent = process.ppid

setInterval(() => {
  if (process.ppid !== parent) app.exit(1)
}, 500)

void app.whenReady().then(() => {
  const child = utilityProcess.fork(entry, args, { stdio: 'pipe', serviceName: 'bench' })
  child.stdout?.pipe(process.stdout)
  child.stderr?.pipe(process.stderr)
  child.on('exit', (code) => app.exit(code))
})
