import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'

export type Point = { readonly icon: LucideIcon; readonly title: string; readonly text: string }

/** What a person should know, one thing beside the other, each with a picture of it. */
export function Points({ points }: { points: readonly Point[] }): ReactElement {
  return (
    <ul className="grid gap-x-10 gap-y-7 wide:grid-cols-2">
      {points.map(({ icon: Icon, title, text }) => (
        <li key={title} className="flex gap-4">
          <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center rounded-xl bg-glow text-ember">
            <Icon className="size-5" />
          </span>
          <div>
            <h3 className="font-semibold">{title}</h3>
            <p className="mt-1 text-soft">{text}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
