/** Sentences of the cards on reputation and on what is held. Plain words; points are explained, never assumed. */
export const reputation = {
  'reputation.heading': 'Reputation',
  'reputation.lead':
    'Customers choose the computers that kept their word. Everybody starts at 50 of 100; what you do moves it up or down, and old things fade.',
  'reputation.score': '{score} of 100',
  'reputation.meter': 'Reputation as customers can see it',
  'reputation.none': 'It appears here a minute after the computer is known on the network.',
  'reputation.level.good': 'Customers like to choose you',
  'reputation.level.fair': 'Customers may choose you',
  'reputation.level.poor': 'Customers choose others first',
  'reputation.why': 'Why',
  'reputation.nothing': 'Nothing has moved it yet.',
  'reputation.points': '{points, number, ::sign-always .0}',
  'reputation.reason.proofs': 'Rounds in which you showed what you hold, against rounds missed',
  'reputation.reason.age': 'How long you have been here',
  'reputation.reason.stake': 'The deposit that stands behind your word',
  'reputation.reason.ownAudits': 'Random checks by customers',
  'reputation.reason.othersAudits': 'What other customers signed about you',
  'reputation.reason.downloads': 'Downloads that worked',
  'reputation.reason.speed': 'How fast you hand pieces back',
  'reputation.reason.refusals': 'Downloads that you refused',
  'reputation.reason.jointDowntime': 'Being away when many others are away as well',
  'reputation.reason.exits': 'How your earlier customers’ time with you ended',
  'reputation.facts': 'What is known',
  'reputation.fact.rounds': 'Rounds shown and missed',
  'reputation.fact.roundsValue': '{proven} shown, {missed} missed',
  'reputation.fact.void': 'Rounds that count for nobody',
  'reputation.fact.audits': 'Random checks passed',
  'reputation.fact.auditsValue': '{asked, plural, =0 {None yet} other {{right} of {asked}}}',
  'reputation.fact.speed': 'Speed of downloads from you',
  'reputation.better': 'What would help',
  'reputation.tip.asleep':
    'Let the computer stay awake, or at least awake for a while every day: a round was missed while it slept.',
  'reputation.tip.notRunning': 'Keep storage switched on: a round was missed while it was not running.',
  'reputation.tip.chainAway':
    'Check the internet connection: a round was missed because the network could not be reached.',
  'reputation.tip.diskAway': 'Keep the disk connected: a round was missed because it could not be read.',
  'reputation.tip.pieceLost': 'Check the disk: a piece on it is gone or damaged.',
  'reputation.tip.gasLow': 'Top up the small amount that pays network fees: a round was missed for want of it.',
  'reputation.tip.proofRefused':
    'A round was missed because the network did not accept the proof. If it happens again, look at Activity.',
  'reputation.tip.audits': 'Some random checks failed. Check the disk, and leave Hearth’s folder alone.',
  'reputation.tip.time': 'Nothing to do but to keep going: time and rounds shown raise it by themselves.',
  'reputation.honest':
    'A proof shows that the bytes are here. It cannot show that they are the only copy, or whether a customer stores anything of worth.',

  'held.heading': 'For whom, until when',
  'held.none': 'You hold nothing for anybody yet.',
  'held.whom':
    '{customers, plural, one {One customer keeps} other {# customers keep}} {pieces, plural, one {# piece} other {# pieces}} with you. You cannot read {pieces, plural, one {it} other {them}}; only the customer has the key.',
  'held.arriving':
    '{bytes} are here, but their customer has not put them on the record yet. They are paid from then on, or removed by themselves.',
  'held.paid':
    'Everything on the record is paid for in advance. The first to run out lasts until {when}, unless its customer pays on, as most do by themselves.',
  'held.unpaid': 'How long it is paid for is not known yet.',
  'held.end':
    'When a customer stops paying or takes a piece away, you keep what you earned. Hearth waits for some time in case the customer comes back, then deletes the piece and gives you the space again. You need not do anything.',
} as const
