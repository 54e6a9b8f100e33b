/** Leaving storage for good. */
export const exit = {
  'exit.heading': 'Leave for good',
  'exit.lead':
    'Hand everything that you keep to other homes, get your last pay, and owe nobody anything. Switching off alone is no way to leave: whoever stays away pays for it.',
  'exit.nothing': 'You keep nothing for anybody now. You can switch storage off without loss.',
  'exit.start': 'Leave',
  'exit.stay': 'Stay',
  'exit.going': 'Leaving. Your pieces are going to other homes.',
  'exit.waiting': 'All pieces are handed over. The last period is still proven and paid.',
  'exit.done': 'You have left. You keep nothing for anybody any more and can switch storage off.',
  'exit.toGo': 'Still to hand over',
  'exit.toGoValue': '{pieces, plural, one {# piece} other {# pieces}}, {bytes}',
  'exit.gone': 'Handed over',
  'exit.lasts': 'Lasts at least',
  'exit.lastPay': 'Last pay for storing',
  'exit.downloads': 'Still to come for downloads',
  'exit.stuck': 'Nobody takes {sets, plural, one {the pieces of # customer} other {the pieces of # customers}} now',
  'exit.stuckText':
    'Hearth keeps asking. Or give them up: then the pay of this period for them is lost and each counts as one missed proof. The rest of what the customer paid goes back to the customer.',
  'exit.stuckCost': 'Lost when you give them up',
  'exit.giveUp': 'Give them up',
  'exit.dialog.title': 'Leave storage?',
  'exit.dialog.text':
    'You take nothing new from now on. Your pieces go to other homes one by one, and your customers find them there.',
  'exit.dialog.proofs': 'Keep this computer on until it is done: the last proofs are still owed and paid.',
  'exit.dialog.back': 'You can stay at any time. What has gone by then stays with the others.',
  'exit.dialog.nothingLost': 'Nothing is given up unless you agree to it once more.',
  'exit.dialog.confirm': 'Leave',
  'exit.giveUpDialog.title': 'Give these pieces up?',
  'exit.giveUpDialog.confirm': 'Give up',
  'exit.progress': 'Handed over so far',
} as const
