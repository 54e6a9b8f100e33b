/** Sentences of the card that says what the deposit is, what a missed proof does to it, and what was taken. */
export const risk = {
  'risk.heading': 'At risk',
  'risk.lead':
    'A deposit tells customers that you mean to keep their pieces. It stays yours and comes back when you ask for it. Only missed proofs can make it smaller.',
  'risk.none':
    'You have made no deposit, so nothing can be taken from you: a missed proof costs only its pay. Customers may prefer homes with a deposit. You can make one from what you earned, on the Earnings page.',
  'risk.deposit': 'Your deposit',
  'risk.most': 'The most this computer could lose',
  'risk.missed': 'Missed lately',
  'risk.missedCount':
    '{count, plural, =0 {Nothing} one {# proof in {window}} other {# proofs for one customer in {window}}}',
  'risk.next': 'The next missed proof costs',
  'risk.nextPay': 'Only its pay',
  'risk.back': 'On its way back to you, still at risk',
  'risk.open':
    '{count, plural, one {You keep pieces for # customer. The deposit can be asked back once that has ended.} other {You keep pieces for # customers. The deposit can be asked back once these have ended.}}',
  'risk.rule':
    'The first two missed proofs for a customer within {window} cost only the pay of their rounds. Each further one takes 1 % of the deposit, at most ten times in that time. What is taken is destroyed, so nobody gains when you have bad luck. What you earned is never touched.',
  'risk.taken': 'What was taken, and why',
  'risk.takenNone': 'Nothing was ever taken.',
  'risk.takenTotal': 'Taken in all',
  'risk.takenMissed': 'a proof was missed once too often',
  'risk.takenElsewhere': 'another of your computers missed a proof once too often',
  'risk.days': '{days, plural, one {# day} other {# days}}',
  'risk.minutes': '{minutes, plural, one {# minute} other {# minutes}}',
} as const
