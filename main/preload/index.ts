import { contextBridge, ipcRenderer } from 'electron'
import { eventChannels, requestChannels, type BridgeResult, type HearthBridge } from '../api/channels.ts'
import { eventWire, requestWire } from '../api/wire.ts'

type Listener = (payload: unknown) => void

const listeners = new Map<string, Set<Listener>>(Object.keys(eventChannels).map((channel) => [channel, new Set()]))

ipcRenderer.on(eventWire, (_event, channel: string, payload: unknown) => {
  listeners.get(channel)?.forEach((listener) => listener(payload))
})

/**
 * All that the window can reach outside of its sandbox. Both functions know only the names of the channel table, and
 * nothing of Electron's own objects is handed on (no event, no port, no sender).
 */
const bridge: HearthBridge = {
  request: async (channel, argument) => {
    if (!Object.hasOwn(requestChannels, channel)) return unknownChannel
    return ipcRenderer.invoke(requestWire, channel, argument)
  },
  subscribe: (channel, listener) => {
    const group = listeners.get(channel)
    group?.add(listener as Listener)
    return () => void group?.delete(listener as Listener)
  },
}

const unknownChannel: BridgeResult<never> = {
  ok: false,
  error: { code: 'UNKNOWN_CHANNEL', message: 'This request is not allowed.', action: null },
}

contextBridge.exposeInMainWorld('hearth', bridge)
