import { ipcRenderer } from 'electron'
import { surfaceWire } from '../api/surface-wire.ts'

/**
 * Gives the engine's page the one port that it has to the world, by `window.postMessage({ kind: 'port' }, ...)`, and
 * answers on a second one that the page still runs. Nothing else is handed in.
 */
ipcRenderer.once(surfaceWire, ({ ports: [data, beats] }) => {
  if (data === undefined || beats === undefined) return
  beats.onmessage = () => beats.postMessage(null)
  window.postMessage({ kind: 'port' }, location.origin, [data])
})
