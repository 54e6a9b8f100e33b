/** The only origin whose pages may speak to main; the scheme is served from the bundle and from nowhere else. */
export const appScheme = 'app'
export const appHost = 'hearth'
export const appOrigin = `${appScheme}://${appHost}`
