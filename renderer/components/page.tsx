import type { ReactElement, ReactNode } from 'react'

/** The frame of every screen: one heading that takes the focus after a change of screen, a line below, the content. */
export function Page(props: { title: string; lead?: string; aside?: ReactNode; children: ReactNode }): ReactElement {
  return (
    <div className="mx-auto flex w-full max-w-[68rem] flex-col gap-6">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="max-w-[40rem]">
          <h1 id="page-title" tabIndex={-1} className="text-[1.875rem] leading-tight font-semibold tracking-[-0.03em]">
            {props.title}
          </h1>
          {props.lead !== undefined && <p className="mt-1.5 text-soft">{props.lead}</p>}
        </div>
        {props.aside}
      </header>
      {props.children}
    </div>
  )
}
