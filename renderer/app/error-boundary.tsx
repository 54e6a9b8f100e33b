import { Component } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { t } from '../format/message.ts'

type Props = { readonly children: ReactNode }
type State = { readonly message: string | null }

/** Keeps a fault of one screen to that screen. A class, since React offers this to classes only. */
export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { message: null }

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children
    const retry = <Button onClick={() => this.setState({ message: null })}>{t('action.retry')}</Button>
    return <Notice tone="bad" urgent title={t('error.crash')} text={this.state.message} actions={retry} />
  }
}
