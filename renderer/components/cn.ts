import { clsx } from 'clsx'
import type { ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

/** Our own radius and shadow names, so that a caller's `rounded-*` or `shadow-*` replaces them. */
const merge = extendTailwindMerge({
  extend: { theme: { radius: ['card'], shadow: ['card', 'dialog'] } },
})

/** Joins class names; of two Tailwind classes for the same property the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
