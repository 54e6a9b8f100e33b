import { useEffect, useRef } from 'react'
import type { ReactElement } from 'react'
import { cn } from './cn.ts'

/** A small picture as bytes: red, green, blue and alpha of each point, row by row. */
export type PreviewPicture = { readonly width: number; readonly height: number; readonly rgba: Uint8Array }

/** Draws a picture that changes often; `label` says what it shows, since nobody can describe what is on it. */
export function PreviewCanvas(props: { picture: PreviewPicture; label: string; className?: string }): ReactElement {
  const { picture, label, className } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    const { width, height, rgba } = picture
    if (context === null || context === undefined || rgba.length !== width * height * 4) return
    context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0)
  }, [picture])
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={picture.width}
      height={picture.height}
      data-testid="render-preview"
      className={cn('block', className)}
    />
  )
}
