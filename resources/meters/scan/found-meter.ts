/** A place where a meter may be, and how to read it. */
export type FoundMeter = {
  readonly driver: 'p1' | 'sunspec' | 'shelly' | 'tasmota' | 'zigbee2mqtt'
  /** For `openMeter`. A broker's still lacks its topic. */
  readonly target: string
  readonly description: string
  /** Plugged in here, announced by itself on the network, or asked for by name. */
  readonly foundBy: 'serial' | 'announced' | 'host'
}

/** A name that a stranger on the network gave itself, fit to be shown: one short line of printable characters. */
export function shownName(name: string): string {
  const clean = name.replace(/[^\p{L}\p{N} ._:()-]+/gu, ' ').trim()
  return clean.length > 60 ? `${clean.slice(0, 59)}…` : clean
}
