// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Allows ten slashes in any window of time, however it is placed.
/// @dev Keeps the times of the last ten; another is allowed once the oldest of them has left the window. Each takes one
/// percent of what is left, so ten take less than ten percent.
library SlashWindow {
    uint256 private constant ALLOWED = 10;

    struct Ring {
        uint48[10] times;
        uint8 next;
    }

    /// @notice Records a slash now if the window has room.
    function take(Ring storage ring, uint256 windowSeconds) internal returns (bool) {
        uint256 slot = ring.next;
        uint256 oldest = ring.times[slot];
        if (oldest != 0 && block.timestamp < oldest + windowSeconds) return false;
        ring.times[slot] = uint48(block.timestamp);
        ring.next = uint8((slot + 1) % ALLOWED);
        return true;
    }
}
