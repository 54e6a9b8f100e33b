/** The two raw names on Electron's wire. Every request and every event of the table travels inside them. */
export const requestWire = 'hearth:request'
export const eventWire = 'hearth:event'
