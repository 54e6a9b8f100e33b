import type { ReactElement, ReactNode } from 'react'
import { DeviceWords } from '../../components/device-words.tsx'
import { Notice } from '../../components/notice.tsx'
import { isDeviceInTheWay } from '../../format/device.ts'
import { describeFailure } from '../../format/failure.ts'
import { t } from '../../format/message.ts'
import type { ConsentForm, Failure, WalletView } from '../../state/snapshot.ts'

/** Codes of failures that are a state of the device, for which the window has words and a way on of its own. */
const ofDevice = /^(DEVICE_|BLIND_SIGNING_NEEDED$|NO_USB_SUPPORT$)/

/** A refusal is the person's own decision and no fault; anything else says what is in the way. */
export function FailedNotice(props: { failure: Failure; wallet: WalletView | null; form: ConsentForm }): ReactElement {
  const { message, action } = describeFailure(props.failure)
  const state = props.wallet?.state ?? { kind: 'unknown' as const }
  if (props.failure.code === 'REFUSED') {
    return (
      <div data-testid="consent-refused">
        <Notice tone="info" urgent title={t('review.refused')} text={t('device.refusedText')} />
      </div>
    )
  }
  if (props.failure.code === 'BLIND_SIGNING_NEEDED' && props.form === 'transaction') {
    return (
      <div data-testid="consent-failed">
        <Notice tone="warning" urgent title={t('review.blindOff')} text={t('review.blindOffText')} />
      </div>
    )
  }
  const isOfDevice = ofDevice.test(props.failure.code) && isDeviceInTheWay(state)
  return (
    <div data-testid="consent-failed">
      {isOfDevice ? (
        <Boxed>
          <DeviceWords state={state} />
        </Boxed>
      ) : (
        <Notice tone="bad" urgent title={message === '' ? t('review.failed') : message} text={action} />
      )}
    </div>
  )
}

/** A part of the dialog with a ground of its own. */
export function Boxed({ children }: { children: ReactNode }): ReactElement {
  return <div className="rounded-2xl border border-line bg-raised p-4">{children}</div>
}
