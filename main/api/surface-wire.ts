/**
 * Carries the ports of a render window to its preload script. A file of its own: a sandboxed preload script can load no
 * other file, so the two of them must share none.
 */
export const surfaceWire = 'hearth:surface'
