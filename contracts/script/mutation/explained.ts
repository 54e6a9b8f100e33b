/**
 * Mutants that no test can or need kill, each with its reason. The key is what `mutantKey` makes; `npm run
 * contracts:mutate` counts them apart and fails when it meets a survivor that is not listed.
 */
export const explained: Readonly<Record<string, string>> = {}
