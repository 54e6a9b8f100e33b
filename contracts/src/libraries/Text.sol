// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Writes short ASCII lines straight into memory.
/// @notice A sentence is rebuilt on every signed call, so each writer costs a few word operations instead of loops over
/// bytes. Writers take a pointer, store whole words and return the pointer behind the text; what a word leaves behind
/// the end is overwritten by the next writer.
/// @dev Callers start with `begin` and end with `digest`, and allocate nothing in between.
library Text {
    /// @dev Room before the text for the EIP-191 prefix, and behind it for the overhang of the last word.
    uint256 private constant PREFIX_ROOM = 32;
    uint256 private constant ROOM = 448;

    /// @notice Reserves memory for one text of at most 350 bytes.
    /// @return start Pointer to the first character.
    function begin() internal pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := add(mload(0x40), PREFIX_ROOM)
            mstore(0x40, add(start, ROOM))
        }
    }

    /// @notice The EIP-191 digest of the text between both pointers (10 to 999 bytes).
    function digest(uint256 start, uint256 end) internal pure returns (bytes32 hash) {
        uint256 length = end - start;
        assembly ("memory-safe") {
            // "\x19Ethereum Signed Message:\n" and the decimal length, right-aligned before the text.
            let tail := add(0x30, mod(length, 10))
            tail := or(tail, shl(8, add(0x30, mod(div(length, 10), 10))))
            let size := 28
            if gt(length, 99) {
                tail := or(tail, shl(16, add(0x30, div(length, 100))))
                size := 29
            }
            let prefix := or(shl(mul(8, sub(size, 26)), 0x19457468657265756d205369676e6564204d6573736167653a0a), tail)
            mstore(sub(start, 32), prefix)
            hash := keccak256(sub(start, size), add(size, length))
        }
    }

    /// @notice The text between both pointers as a string, for views and tests.
    function toString(uint256 start, uint256 end) internal pure returns (string memory text) {
        assembly ("memory-safe") {
            text := sub(start, 32)
            mstore(text, sub(end, start))
        }
    }

    /// @notice Appends the first `length` bytes of a left-aligned word.
    function word(uint256 cursor, bytes32 value, uint256 length) internal pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(cursor, value)
        }
        return cursor + length;
    }

    /// @notice Appends 32 lower-case hex digits.
    function hex16(uint256 cursor, bytes16 value) internal pure returns (uint256) {
        return word(cursor, hexDigits(uint128(value)), 32);
    }

    /// @notice Appends `0x` and 40 lower-case hex digits.
    function account(uint256 cursor, address value) internal pure returns (uint256) {
        uint160 bits = uint160(value);
        cursor = word(cursor, "0x", 2);
        cursor = word(cursor, hexDigits(uint128(bits >> 32)), 32);
        return word(cursor, hexDigits(uint128(bits) << 96), 8);
    }

    /// @notice 16 bytes as 32 hex characters, by spreading nibbles over a word.
    function hexDigits(uint128 bits) internal pure returns (bytes32) {
        uint256 x = bits;
        x = (x | (x << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        x = (x | (x << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        x = (x | (x << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        x = (x | (x << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        x = (x | (x << 4)) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
        unchecked {
            // A nibble of ten or more carries into bit 4 when 6 is added; 39 is the way from ':' to 'a'.
            uint256 letters =
                ((x + 0x0606060606060606060606060606060606060606060606060606060606060606) >> 4) &
                    0x0101010101010101010101010101010101010101010101010101010101010101;
            x += 0x3030303030303030303030303030303030303030303030303030303030303030 + letters * 39;
        }
        return bytes32(x);
    }

    /// @notice Appends a number without leading zeros; at most 32 digits.
    function decimal(uint256 cursor, uint256 value) internal pure returns (uint256) {
        unchecked {
            uint256 digits;
            uint256 length;
            do {
                digits |= (0x30 + (value % 10)) << (8 * length);
                ++length;
                value /= 10;
            } while (value != 0);
            return word(cursor, bytes32(digits << (256 - 8 * length)), length);
        }
    }

    /// @notice Appends whole micro-tokens as `digits.dddddd`.
    function amount(uint256 cursor, uint256 micro) internal pure returns (uint256) {
        unchecked {
            cursor = decimal(cursor, micro / 1e6);
            uint256 rest = micro % 1e6;
            uint256 digits = 0x2e;
            for (uint256 unit = 1e5; unit != 0; unit /= 10) {
                digits = (digits << 8) | (0x30 + ((rest / unit) % 10));
            }
            return word(cursor, bytes32(digits << 200), 7);
        }
    }

    /// @notice Appends `Until YYYY-MM-DD HH:MM UTC` and a line end for minutes since 1970 (years 1970 to 9999).
    /// @dev Days become a date by counting years from the first of March, so that the leap day is the last of a year.
    function deadline(uint256 cursor, uint256 epochMinutes) internal pure returns (uint256) {
        unchecked {
            uint256 day = epochMinutes / 1440 + 719468;
            uint256 era = day / 146097;
            day %= 146097;
            uint256 year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
            day -= 365 * year + year / 4 - year / 100;
            uint256 month = (5 * day + 2) / 153;
            day = day - (153 * month + 2) / 5 + 1;
            year += era * 400;
            month = month < 10 ? month + 3 : month - 9;
            if (month < 3) ++year;
            uint256 minute = epochMinutes % 1440;
            uint256 digits = (pair(year / 100) << 112) | (pair(year % 100) << 96) | (uint256(0x2d) << 88);
            digits |= (pair(month) << 72) | (uint256(0x2d) << 64) | (pair(day) << 48) | (uint256(0x20) << 40);
            digits |= (pair(minute / 60) << 24) | (uint256(0x3a) << 16) | pair(minute % 60);
            uint256 line = uint256(bytes32("Until ")) | (digits << 80) | (uint256(uint40(bytes5(" UTC\n"))) << 40);
            return word(cursor, bytes32(line), 27);
        }
    }

    function pair(uint256 value) private pure returns (uint256) {
        unchecked {
            return ((0x30 + value / 10) << 8) | (0x30 + (value % 10));
        }
    }
}
