/** "Until I say so" as a time, since settings keep a number: JSON has no infinity. */
export const untilResumedMs = Number.MAX_SAFE_INTEGER
