import { HearthError } from '../../../roles/api/errors.ts'

/** A consent that was refused before the device was asked, or by the contract. Nothing has moved and no number is used. */
export class ConsentRefusedError extends HearthError {}

/** The window sent another text than the one that main composed: it may be controlled by somebody else. */
export class ReviewTamperedError extends HearthError {
  constructor() {
    super('REVIEW_TAMPERED', 'The text to sign is not the one that Hearth composed. Nothing was signed.', {
      action: 'Restart Hearth and look at it again; if it comes back, do not use this computer for signing.',
    })
  }
}

/** Of two sentences with one number another one landed first (PROTOCOL 1.4). */
export class OtherSentenceLandedError extends HearthError {
  constructor(kind: string, number: number, transactionHash: string | null) {
    super('OTHER_SENTENCE_LANDED', `Another sentence "${kind}" with number ${number} was carried out first.`, {
      action: 'Look at what it did, then review again if you still want this.',
      details: { kind, number, transactionHash },
    })
  }
}
