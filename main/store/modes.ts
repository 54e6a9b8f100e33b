/** Only the person who owns the home may read it: it holds keys and says what they earn. */
export const directoryMode = 0o700
export const fileMode = 0o600
