/** Sentences of the overview: are we earning, how much, and if not, why. */
export const overview = {
  'overview.title': 'Overview',
  'overview.now.earning': 'Earning now',
  'overview.now.waiting': 'Running, not earning yet',
  'overview.now.stopped': 'Switched on, not running',
  'overview.now.off': 'Nothing is switched on',
  'overview.now.paused': 'Paused',
  'overview.now.none': 'Not connected yet',
  'overview.now.starting': 'Getting ready',
  'overview.now.failed': 'Hearth could not get ready',
  'overview.now.unreachable': 'The network is out of reach',

  'overview.why.off': 'Your computer has room to share. Lend free disk space and get paid for keeping it safe.',
  'overview.why.none':
    'Try everything on the practice network first. It runs on this computer alone, costs nothing, and its tokens have no value.',
  'overview.why.starting':
    'A small market with neighbours and a customer is starting on this computer. This takes a few seconds.',
  'overview.why.pausedUntil': 'You paused all work until {until}.',
  'overview.why.pausedOpen': 'You paused all work. It stays paused until you resume.',
  'overview.why.unreachable': 'Hearth keeps trying and goes on by itself as soon as {name} answers.',
  'overview.why.earning': 'The last paid work was accepted {when}.',

  'overview.today': 'Today',
  'overview.total': 'All time',
  'overview.totalHint': 'Everything this computer was paid so far.',
  'overview.week': 'Last 7 days',
  'overview.weekHint': 'Today and the six days before.',
  'overview.accruing': 'On its way',
  'overview.accruingHint': 'Work that is done but not paid out yet.',
  'overview.claimable': 'To collect',
  'overview.claimableHint': 'Paid to you and kept safe until you collect it.',
  'overview.roles': 'What this computer does',
  'overview.recent': 'Lately',
  'overview.recentAll': 'See all activity',
  'overview.recentEmpty': 'Once something is switched on, you can follow it here.',
  'overview.setUpStorage': 'Set up storage',
  'overview.openStorage': 'Open storage',
  'overview.feesLow':
    'The small balance that pays network fees is nearly empty. Proofs may stop until it is filled up.',
  'overview.heat.glowing': 'A hearth with a bright fire: earning',
  'overview.heat.banked': 'A hearth with glowing coals: ready, not earning',
  'overview.heat.cold': 'A cold hearth: nothing is running',
} as const
