// Loaded before a command by its launcher: when the launcher is gone, however it went, the command ends too. First as if a
// person had stopped it, then, if that takes too long, at once.
import { watchAncestors } from './ancestors.mjs'

const graceMs = 12_000

watchAncestors(() => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref()
})
