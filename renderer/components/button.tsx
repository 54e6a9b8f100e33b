import { cva } from 'class-variance-authority'
import type { VariantProps } from 'class-variance-authority'
import type { ComponentProps, ReactElement } from 'react'
import { cn } from './cn.ts'

/** Looks of a button; also for links that look like one. */
export const buttonLook = cva(
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4.5 text-[0.9375rem] font-medium transition-colors select-none disabled:opacity-60',
  {
    variants: {
      tone: {
        primary: 'bg-ember-fill text-on-ember hover:bg-ember-fill-hover',
        secondary: 'border border-edge/60 bg-surface text-ink hover:bg-raised',
        quiet: 'text-ink hover:bg-raised',
        danger: 'bg-rust-fill text-white hover:opacity-90',
        onHearth: 'bg-cream text-hearth hover:bg-white',
      },
      size: { normal: '', small: 'min-h-9 rounded-lg px-3 text-sm' },
    },
    defaultVariants: { tone: 'secondary', size: 'normal' },
  },
)

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonLook> & { readonly pending?: boolean }

/** A button. While `pending`, it keeps its place and focus and ignores presses. */
export function Button({
  tone,
  size,
  pending = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      {...rest}
      onClick={pending ? undefined : onClick}
      className={cn(buttonLook({ tone, size }), pending && 'opacity-70', className)}
    >
      {children}
    </button>
  )
}
