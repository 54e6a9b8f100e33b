import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './cn.ts'

export type DialogProps = {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description: string
  readonly children?: ReactNode
  /** Room for two columns. */
  readonly wide?: boolean
  /** Buttons, the safe one first. */
  readonly actions: ReactNode
}

/** A question that must be answered before anything else; Escape means no. Focus goes in and comes back. */
export function Dialog(props: DialogProps): ReactElement {
  const { open, onOpenChange, title, description, children, actions, wide = false } = props
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-30 bg-[#1a0f08]/55 transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <AlertDialog.Popup
          className={cn(
            'fixed top-1/2 z-30 left-1/2 flex max-h-[calc(100dvh-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-3xl border border-line bg-surface text-ink shadow-dialog transition-all duration-150 data-[ending-style]:scale-97 data-[ending-style]:opacity-0 data-[starting-style]:scale-97 data-[starting-style]:opacity-0',
            wide ? 'w-[min(60rem,calc(100vw-2rem))]' : 'w-[min(36rem,calc(100vw-2rem))]',
          )}
        >
          <div className="overflow-y-auto p-7 pb-6 [scrollbar-width:thin]">
            <AlertDialog.Title className="text-xl font-semibold tracking-[-0.02em]">{title}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-soft">{description}</AlertDialog.Description>
            {children}
          </div>
          <div className="flex flex-wrap justify-end gap-3 border-t border-line px-7 py-5">{actions}</div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
