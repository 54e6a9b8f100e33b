/** The page about the operator's key: what holds it, where it is paid, and what to do when something is lost. */
export const wallet = {
  'wallet.title': 'Wallet',
  'wallet.lead':
    'Your hardware wallet holds the one key that can move what you earn. It never comes to this computer. Here you choose the device and look after your account.',
  'wallet.none': 'No network yet',
  'wallet.noneText': 'The wallet belongs to a network. It appears here as soon as one is reached.',

  'wallet.choose.heading': 'What holds your key',
  'wallet.choose.practiceKey': 'Practice key',
  'wallet.choose.practiceKeyText':
    'A file on this computer that signs without asking. Quickest for trying things out; protects nothing.',
  'wallet.choose.practiceTouch': 'Practice Ledger with a touch screen',
  'wallet.choose.practiceTouchText':
    'A drawn device in this window. It asks and shows the same as a Ledger Flex or Stax, so you can rehearse.',
  'wallet.choose.practiceTwoButton': 'Practice Ledger with two buttons',
  'wallet.choose.practiceTwoButtonText': 'The same with the small screen of a Ledger Nano.',
  'wallet.choose.usb': 'Ledger on USB',
  'wallet.choose.usbText':
    'Your own device. You read and answer every request on its screen. Hearth opens it only for that moment.',
  'wallet.choose.speculos': 'Emulator',
  'wallet.choose.speculosText': 'For developers: a program that speaks like a Ledger. It protects nothing.',
  'wallet.choose.onlyPractice': 'Only on the practice network.',
  'wallet.choose.host': 'Name or address of the computer',
  'wallet.choose.port': 'Port',
  'wallet.choose.portProblem': 'A whole number from 1 to 65535.',
  'wallet.choose.hostProblem': 'A name such as 127.0.0.1, without spaces.',
  'wallet.choose.use': 'Use this emulator',
  'wallet.choose.otherAccount':
    'Another device usually holds another account. What was earned so far stays with the account that earned it.',

  'wallet.device.heading': 'The device now',
  'wallet.device.hardware': 'Hardware wallet',

  'wallet.account.heading': 'Your account',
  'wallet.account.none': 'Known as soon as the device has been looked at once.',
  'wallet.account.address': 'Account',
  'wallet.account.copy': 'Copy the account',
  'wallet.account.balance': 'Tokens in it',
  'wallet.account.balanceHint': 'Claimed already and yours to send. What waits to be claimed is on the Earnings page.',
  'wallet.account.send': 'Send tokens …',

  'wallet.send.title': 'Send tokens',
  'wallet.send.text': 'To whom, and how much? You read both once more before anything is signed.',
  'wallet.send.to': 'To account',
  'wallet.send.amount': 'Amount in {symbol}',
  'wallet.send.review': 'Review',
  'wallet.send.toProblem': 'An account begins with 0x and has 40 more digits and letters from a to f.',
  'wallet.send.amountProblem': 'An amount such as 12.5, with at most six digits after the point.',
  'wallet.send.tooMuch': 'That is more than there is.',
  'wallet.send.zero': 'More than nothing, please.',

  'wallet.authorize.title': 'This computer may not work for you yet',
  'wallet.authorize.text':
    'Your agreement is missing: read and sign it once, then everything that is switched on can be paid.',
  'wallet.authorize.action': 'Review and agree',

  'wallet.payout.heading': 'Where you are paid',
  'wallet.payout.address': 'Claims go to',
  'wallet.payout.copy': 'Copy the account that is paid',
  'wallet.payout.own': 'This is your own account.',
  'wallet.payout.confirmed': 'Your device has confirmed this account.',
  'wallet.payout.never': 'No device has confirmed an account on this computer yet.',
  'wallet.payout.differs': 'You would be paid to an account that your device never confirmed',
  'wallet.payout.differsText':
    'The network says {chain}, but your device confirmed {confirmed}. Claim nothing. If you did not change this on another computer, set it back now, and treat your key as known to a stranger.',
  'wallet.payout.differsNever':
    'The network says {chain}, which no device of this computer has confirmed. Claim nothing until you know why. If this is right, set it once more with the device.',
  'wallet.payout.change': 'Change …',
  'wallet.payout.pending': 'A change is waiting',
  'wallet.payout.pendingText':
    'From {when} on you would be paid to {to}. If you did not ask for this, cancel it now: somebody else has your key.',
  'wallet.payout.ripe': 'The waiting time is over. Finish the change, or cancel it.',
  'wallet.payout.cancel': 'Cancel the change',
  'wallet.payout.finish': 'Finish the change',
  'wallet.payout.title': 'Where should you be paid?',
  'wallet.payout.text':
    'A change waits first: three days on a real network, a minute for practice. That gives you time to stop a change that you did not make. Until then you are paid as before.',
  'wallet.payout.to': 'New account',

  'wallet.keys.heading': 'Keys of this computer',
  'wallet.keys.lead':
    'Each kind of work has a key of its own on this computer. It can do work and nothing else: whatever it earns goes to your account only.',
  'wallet.keys.none': 'No key yet. They are made when something is switched on.',
  'wallet.keys.bound': 'May work for you',
  'wallet.keys.unbound': 'May not work for you yet',
  'wallet.keys.unknown': 'Not known yet',
  'wallet.keys.copy': 'Copy this key’s mark',
  'wallet.keys.revoke': 'Take away …',
  'wallet.keys.dialog.title': 'Take the {role} key away?',
  'wallet.keys.dialog.text': 'Do this when this computer is lost or when you do not trust it any more.',
  'wallet.keys.dialog.atOnce': 'It takes effect at once and for ever. This key is never let in again.',
  'wallet.keys.dialog.keep': 'What was earned stays yours and can still be claimed.',
  'wallet.keys.dialog.work':
    'Work that is under way is not finished: proofs that are due are missed, and part of a deposit may be lost. Where you can, leave first, on the page of that work.',
  'wallet.keys.dialog.confirm': 'Review',

  'wallet.lost.heading': 'If something gets lost',
  'wallet.lost.computer': 'This computer',
  'wallet.lost.computerText':
    'What you earned is safe: it belongs to the key on your device. Put Hearth on another computer, connect the device, and go on. Take the old keys away with the device, so that nobody works with them. What the old computer kept for customers is lost, and its missed proofs may cost part of the deposit.',
  'wallet.lost.device': 'Your Ledger',
  'wallet.lost.deviceText':
    'Buy another one and restore it with your recovery phrase, the words that you wrote down when you set it up. Your account is the same as before. This computer goes on working and earning meanwhile.',
  'wallet.lost.phrase': 'The recovery phrase',
  'wallet.lost.phraseText':
    'Without it a lost device is lost for ever, and so is what only it can move. Keep it on paper, in two places, never in a photo, a file or a message. Whoever asks you for it wants to steal: Hearth never does.',
  'wallet.lost.both': 'Device and phrase together',
  'wallet.lost.bothText':
    'Then nobody can claim any more, and neither we nor anybody else can help. Set a second account of yours as the place where you are paid while you still have the device: what is claimed goes there.',
  'wallet.lost.practice': 'For practice',
  'wallet.lost.practiceText':
    'The practice key lies in Hearth’s own folder on this computer and goes with it. Its tokens are worthless.',
} as const
