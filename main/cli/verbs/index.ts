import { detect } from './detect.ts'
import { practice } from './practice.ts'
import { role } from './role.ts'
import type { Verb } from './verb.ts'

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [detect, practice, role]
