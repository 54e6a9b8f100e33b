/** USB vendor of all Ledger devices. */
const vendorId = '2c97'

/** Read before systemd's 73-seat-late.rules, which is what acts on the tag. */
export const udevRulePath = '/etc/udev/rules.d/70-hearth-ledger.rules'

/**
 * Gives the person who sits at this computer, and nobody else, access to Ledger devices: systemd-logind sets an access
 * control entry for the `uaccess` tag and takes it away at log-out. No group, no access for everyone.
 */
export const udevRule = `# Lets the person who is logged in at this computer use Ledger devices. Needed by Hearth.
KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ATTRS{idVendor}=="${vendorId}", TAG+="uaccess"
`
