/** Sentences of the rendering page. Plain words; no word of the trade before it is needed. */
export const render = {
  'render.title': 'Rendering',
  'render.lead':
    'Lend your graphics card. Turn other people’s 3D scenes into pictures. Get paid for every part that is accepted.',
  'render.switch': 'Rendering',
  'render.switchOn': 'Switch on',
  'render.switchOnLong': 'Switch rendering on …',
  'render.switchOff': 'Switch off',

  'render.fit.heading': 'How well does this computer suit?',
  'render.fit.strong': 'A strong card',
  'render.fit.fair': 'It will do',
  'render.fit.slow': 'It can, but slowly',
  'render.fit.unknown': 'Not measured yet',
  'render.fit.none': 'No graphics card found',
  'render.fit.looking': 'Looking at this computer …',
  'render.fit.software':
    'There is no graphics card that can be used, so the processor does its work. That is fine for trying it out; a graphics card is often a hundred times faster.',
  'render.fit.noneText':
    'Hearth sees none. You can switch rendering on all the same: it then tries with the processor, which is slow.',
  'render.fit.unknownText':
    'Once you switch rendering on, Hearth measures it for a few seconds with a small scene of its own.',
  'render.fit.score': 'Measured speed',
  'render.fit.scoreValue': '{score} million light paths a second',
  'render.fit.measured': 'Measured {when} with {device}.',
  'render.fit.scenes': 'Scenes it takes',
  'render.fit.scenes.small': 'Small scenes, up to about 200,000 faces',
  'render.fit.scenes.medium': 'Small and medium scenes, up to about 2 million faces',
  'render.fit.scenes.large': 'All scenes that the network allows, up to 5 million faces',
  'render.fit.card': 'Graphics card',
  'render.fit.oneCard':
    'With more than one card the system chooses the stronger one; Hearth shows which one it was as soon as it has measured it.',

  'render.about.heading': 'Before you switch it on',
  'render.about.headingOn': 'How rendering works',
  'render.about.does': 'What it does',
  'render.about.doesText':
    'A customer sends a 3D scene. Your computer works out how light moves through it and paints a part of the picture. Several homes share one picture, and parts are checked against each other.',
  'render.about.uses': 'What it uses',
  'render.about.usesText':
    'Your graphics card, up to the limit that you set, and power for it. It stops at once when you use the card yourself, when it gets too warm, and on battery. The part in work is kept and goes on later.',
  'render.about.sees': 'What others can see',
  'render.about.seesText':
    'Customers see your internet address, the name of your graphics card and how fast it is. Nobody sees your screen or your files. Your computer sees the customer’s scene, so people who send secret scenes choose their homes themselves.',
  'render.about.safe': 'Scenes from strangers',
  'render.about.safeText':
    'A scene is somebody else’s file. Hearth opens it in a locked window that reaches neither the internet nor your files, and throws the window away after each job. Files of the program Blender (.blend) can hold small programs; Hearth never runs those.',
  'render.about.stops': 'How to stop',
  'render.about.stopsText':
    'With the same switch, at any time. What you earned stays yours. A part that is not finished goes to another home.',
  'render.about.practice':
    'You are on the practice network: everything is real except the money. These tokens are worthless.',

  'render.consent.title': 'Switch rendering on?',
  'render.consent.text':
    'Read what you agree to, then choose how much of the graphics card may be used. You can change it later.',
  'render.consent.agree': 'With “Switch on” you agree that:',
  'render.consent.uses': 'Hearth uses your graphics card and the power it needs for customers.',
  'render.consent.strangers':
    'Your computer opens scenes of strangers, in a locked window. It never runs programs that come with them.',
  'render.consent.sees': 'Customers see your internet address and the name of your card, never your own files.',
  'render.consent.stops': 'It goes on until you switch it off, and steps aside whenever you use the card.',

  'render.off.title': 'Switch rendering off?',
  'render.off.idle': 'Nothing is being rendered right now, so nobody is affected.',
  'render.off.busy': 'The part of a picture that is in work is given up, and another home renders it.',
  'render.off.waiting':
    '{count, plural, one {# finished part still waits for its customer} other {# finished parts still wait for their customers}}. While rendering is off they cannot be handed over, and may not be paid.',
  'render.off.keep': 'What you have earned stays yours. Switch on again at any time to go on.',
  'render.off.keepOn': 'Keep it on',

  'render.share.heading': 'Limit',
  'render.share.label': 'How much of the graphics card',
  'render.share.text': 'It works at most {share} of the time and rests in between. Less is cooler and quieter.',
  'render.share.save': 'Save',
  'render.share.saved': 'Saved.',
  'render.share.rules':
    'Whatever you choose, it stops by itself when you use the card, on battery and when it gets too warm.',

  'render.work.heading': 'On the easel',
  'render.work.preview': 'The part of the picture in work, {percent} done',
  'render.work.last': 'The last part that was painted here.',
  'render.work.noPreview': 'The first light is on its way …',
  'render.work.frame': 'Picture',
  'render.work.frameValue': 'Number {frame}, part {part}',
  'render.work.size': 'Size',
  'render.work.sizeValue': '{width} × {height} points',
  'render.work.samples': 'Light paths per point',
  'render.work.samplesValue': '{done} of {total}',
  'render.work.since': 'Begun',
  'render.work.customer': 'Customer',
  'render.work.progress': 'Progress of this part',
  'render.work.paused': 'Paused. It goes on from here.',
  'render.work.idle': 'Waiting for a scene',
  'render.work.idleText':
    'Customers’ jobs are drawn by lot among all homes that can take them. On the practice network one comes within a minute or two.',
  'render.work.starting': 'Getting ready',
  'render.work.startingText': 'Hearth opens a locked window to render in.',
  'render.work.benchmarking': 'Measuring',
  'render.work.benchmarkingText':
    'For a few seconds Hearth renders a small scene of its own to learn how fast this computer is.',
  'render.work.noSurface': 'This computer cannot render now',
  'render.work.noSurfaceText': 'What is in the way stands above, with what to do about it.',
  'render.work.pausedIdle': 'Paused',
  'render.work.pausedIdleText': 'No new work is taken until the reason is gone.',
  'render.work.stopped': 'Not running',
  'render.work.stoppedText': 'As soon as the worker runs, its work shows here.',

  'render.units.heading': 'Parts of pictures',
  'render.units.accepted': 'Accepted',
  'render.units.waiting': 'Waiting for the customer',
  'render.units.refused': 'Not accepted',
  'render.units.paid': 'Paid for them',
  'render.units.paidHint': 'Before the share that is destroyed.',
  'render.units.tier': 'Level',
  'render.units.tierValue': 'Level {tier}',
  'render.units.tierNone': 'Not entered yet',
  'render.units.tierText':
    'Everyone begins at the lowest level, where each part is rendered by several homes. After twenty accepted parts the level follows from how fast they were.',

  'render.earned.heading': 'Earnings by day',
  'render.earned.total': 'Earned with rendering',
} as const
