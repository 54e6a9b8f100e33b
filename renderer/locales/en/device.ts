/** States of the device that holds the key: what it is, and the way on. And the practice device. */
export const device = {
  'device.unknown': 'Not looked at yet',
  'device.unknownText':
    'Hearth opens the device only for the moment in which it needs it, and lets go of it afterwards. Look at it now to see whether it would answer.',
  'device.ready': 'Ready',
  'device.readyText': 'It answered, and Hearth has let go of it again. Its Ethereum app has version {version}.',
  'device.waitingForPerson': 'Waiting for you',
  'device.waitingForPersonText':
    'The question is on the screen of the device. Read it there, then accept or refuse it.',
  'device.notConnected': 'Not connected',
  'device.notConnectedText': 'Plug it in with a cable that carries data, unlock it with its code, then look again.',
  'device.notReached': 'No device answers there',
  'device.notReachedText':
    'Nothing at {at} speaks as the emulator does. Start it there, or choose another address above, then look again.',
  'device.noPermission': 'This computer keeps Hearth away from it',
  'device.noPermissionText':
    'Linux lets only administrators speak to such devices at first. Save the lines below as {path} (this needs the administrator’s password), then unplug the device and plug it in again. They let the person at this computer use Ledger devices, and nothing else.',
  'device.noUsbSupport': 'This computer cannot speak to USB devices yet',
  'device.noUsbSupportText':
    'A part of the system that Hearth needs for USB is missing. The message below says which. Install it, then look again.',
  'device.locked': 'Locked',
  'device.lockedText': 'Unlock it with its own code, then go on. Hearth never asks for that code.',
  'device.wrongApp': 'Another app is open on it',
  'device.wrongAppText': 'The device shows “{app}”. Close that on the device and open the Ethereum app, then go on.',
  'device.appOutdated': 'Its app is too old',
  'device.appOutdatedText':
    'The Ethereum app on the device has version {version}; at least {needed} is needed to show the whole text. Update it with the maker’s own program, then go on.',
  'device.refused': 'You refused on the device',
  'device.refusedText': 'Nothing was sent and nothing has changed. You can ask again whenever you like.',
  'device.blindSigningNeeded': 'The device would have to sign blind',
  'device.blindSigningNeededText':
    'It cannot show what this does, so it refused. That is right: best sign only what you can read. Hearth’s texts are all readable; only a transaction in their place is not. If it refused a text, update the Ethereum app on the device.',
  'device.disconnected': 'It went away in the middle',
  'device.disconnectedText': 'Nothing was sent and nothing has changed. Plug it in again, unlock it, then try again.',
  'device.reviewLeft': 'An earlier question is still on its screen',
  'device.reviewLeftText': 'Look at the device and refuse what it still shows. Then try again.',
  'device.busy': 'Another program is using it',
  'device.busyText': 'Close other programs that speak to the device, such as the maker’s own, then go on.',
  'device.silent': 'It does not answer',
  'device.silentText': 'Unplug it and plug it in again, unlock it and open its Ethereum app, then go on.',
  'device.otherAccount': 'This device holds another account',
  'device.otherAccountText':
    'This computer works for the account {expected}, but the device answered with {found}. Connect the device that you used before, or restore your recovery phrase on this one.',
  'device.unreadable': 'It answered something that Hearth does not understand',
  'device.unreadableText':
    'Nothing was signed. Close and open the Ethereum app on the device, then try again. If it stays like this, report it with the message below.',
  'device.lookAgain': 'Look again',
  'device.look': 'Look at it now',
  'device.ruleFile': 'Contents of {path}',
  'device.copyRule': 'Copy the lines',
  'device.detail': 'The system’s own words: {detail}',

  'practiceDevice.name': 'Practice Ledger',
  'practiceDevice.nameBeside': 'Practice Ledger, beside what it is asked',
  'practiceDevice.mark': 'For practice only. It is a drawing and protects nothing.',
  'practiceDevice.page': 'Page {page} of {pages}',
  'practiceDevice.button.left': 'Left',
  'practiceDevice.button.right': 'Right',
  'practiceDevice.button.both': 'Both',
  'practiceDevice.button.next': 'Next',
  'practiceDevice.button.back': 'Back',
  'practiceDevice.button.confirm': 'Agree',
  'practiceDevice.button.reject': 'Refuse',
  'practiceDevice.settings': 'Settings of the practice Ledger',
  'practiceDevice.off': 'It wakes up when it is looked at or asked something.',
  'practiceDevice.lock': 'Locked',
  'practiceDevice.lockText': 'Like a device that nobody has unlocked: it answers nothing until you unlock it.',
  'practiceDevice.blind': 'Blind signing',
  'practiceDevice.blindText':
    'Some programs ask a device to sign what it cannot show. With this switched on, the device would do so, after one warning page. Leave it off on a real device: then everything that you sign can be read first. Hearth needs it only when you choose a transaction in place of its text.',
  'practiceDevice.howTwo': 'Left and Right turn the pages. Both together answer what the page asks.',
} as const
