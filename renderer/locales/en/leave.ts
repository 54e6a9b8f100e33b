/** Sentences about leaving storage in order. */
export const leave = {
  'storage.leave.heading': 'Leaving',
  'storage.leave.lead':
    'Switching off leaves customers without your pieces, and each missed round costs you. If you want to stop for good, leave in order: Hearth hands what you hold to other homes first.',
  'storage.leave.begin': 'Leave in order …',
  'storage.leave.title': 'Leave storage?',
  'storage.leave.text':
    '{pieces, plural, =0 {You hold nothing, so this is done at once.} one {You hold # piece ({bytes}). It goes to another home.} other {You hold # pieces ({bytes}). They go to other homes.}}',
  'storage.leave.handOver':
    'Your computer sends each piece to a home of another person, which checks it and takes your place.',
  'storage.leave.paid': 'The round that runs is still paid, and all that you have earned stays yours.',
  'storage.leave.deposit': 'Once nothing is held any more, you can ask for your deposit back.',
  'storage.leave.cancel': 'Keep Hearth running until it is done. You can stay after all at any time before that.',
  'storage.leave.notYet': 'Not now',
  'storage.leave.agree': 'Leave in order',
  'storage.leave.soon': 'It begins in a moment.',
  'storage.leave.going':
    '{sets, plural, =0 {All is handed over. What is left ends with this round.} one {The pieces of one customer still have to go.} other {The pieces of # customers still have to go.}}',
  'storage.leave.bytesLeft': 'Still here',
  'storage.leave.sent': 'Sent in this round',
  'storage.leave.ending': 'Customers handed over, ending with this round',
  'storage.leave.stay': 'Stay after all',
  'storage.leave.stuck':
    '{sets, plural, one {For one customer nobody has taken over yet} other {For # customers nobody has taken over yet}}',
  'storage.leave.stuckReason': '{reason} Hearth keeps asking.',
  'storage.leave.price': 'Or give it up now: one missed round for each customer, and at most this much pay:',
  'storage.leave.giveUp': 'Give up what nobody takes',
  'storage.leave.done': 'Done. You hold nothing for anybody any more.',
} as const
