/** Why a process ended, in one plain sentence with its own last words where it had some. */
export function describeExit(exit: { code: number | null; signal: string | null }, lastWords: string | null): string {
  const how =
    exit.signal !== null
      ? `It was ended by ${exit.signal}`
      : exit.code === null
        ? 'It could not be started'
        : `It ended with code ${exit.code}`
  return lastWords === null ? `${how}.` : `${how}: ${lastWords}`
}
