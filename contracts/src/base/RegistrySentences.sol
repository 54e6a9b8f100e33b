// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../interfaces/IRegistry.sol";
import {StakeSentences} from "./StakeSentences.sol";
import {Text} from "../libraries/Text.sol";

/// @title The three sentences of the registry.
abstract contract RegistrySentences is StakeSentences, IRegistry {
    uint256 private constant ROLES = 5;
    /// @dev Thirteen digits keep the text under 320 bytes, and risk in wei under 96 bits.
    uint256 private constant MICRO_LIMIT = 1e13;

    /// @inheritdoc IRegistry
    function authorizeSentence(Authorization calldata authorization) external view override returns (string memory) {
        (uint256 start, uint256 end) = _authorizeText(authorization);
        return Text.toString(start, end);
    }

    /// @inheritdoc IRegistry
    function revokeSentence(address node) external view override returns (string memory) {
        (uint256 start, uint256 end) = _revokeText(node);
        return Text.toString(start, end);
    }

    /// @inheritdoc IRegistry
    function unstakeSentence(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view override returns (string memory) {
        (uint256 start, uint256 end) = _unstakeText(operator, market, micro, number, deadlineMinutes);
        return Text.toString(start, end);
    }

    function _unstakeText(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) internal view returns (uint256 start, uint256 end) {
        if (micro >= MICRO_LIMIT) revert AmountTooLarge(micro);
        return _staking(": unstake\n", 10, "\nfrom ", 6, market, micro, operator, number, deadlineMinutes);
    }

    /// @dev What may be lost comes before the code, so that it is on a device's first page.
    function _authorizeText(Authorization calldata authorization) internal view returns (uint256 start, uint256 end) {
        if (authorization.riskMicro >= MICRO_LIMIT) revert AmountTooLarge(authorization.riskMicro);
        if (authorization.spendPerDayMicro >= MICRO_LIMIT) revert AmountTooLarge(authorization.spendPerDayMicro);
        (uint256 roles, bytes16 code) = _rolesAndCode(authorization.nodes);
        uint256 cursor;
        (start, cursor) = _open(": authorize\n", 12);
        cursor = Text.word(cursor, "May risk ", 9);
        cursor = _tokens(cursor, authorization.riskMicro);
        cursor = Text.word(cursor, "\nMay spend ", 11);
        cursor = _tokens(cursor, authorization.spendPerDayMicro);
        cursor = Text.word(cursor, " a day\nas ", 10);
        cursor = _roleNames(cursor, roles);
        cursor = Text.word(cursor, "\nKeys ", 6);
        cursor = Text.decimal(cursor, authorization.nodes.length);
        cursor = Text.word(cursor, ", code ", 7);
        cursor = Text.hex16(cursor, code);
        cursor = Text.word(cursor, "\n", 1);
        end = _close(_conditions(cursor, authorization.number, authorization.deadlineMinutes));
    }

    function _revokeText(address node) internal view returns (uint256 start, uint256 end) {
        uint256 cursor;
        (start, cursor) = _open(": revoke\n", 9);
        cursor = Text.word(cursor, "for ever this key\n", 18);
        cursor = Text.account(cursor, node);
        cursor = Text.word(cursor, "\nChain ", 7);
        cursor = Text.decimal(cursor, block.chainid);
        cursor = Text.word(cursor, "\n", 1);
        end = _close(cursor);
    }

    /// @dev One bit per role, and the first 16 bytes of the hash over `role, node` in rising order of roles.
    function _rolesAndCode(NodeBinding[] calldata nodes) private pure returns (uint256 roles, bytes16 code) {
        uint256 count = nodes.length;
        if (count == 0 || count > ROLES) revert NodeCountInvalid(count);
        bytes memory packed = new bytes(21 * count);
        uint8 previous;
        for (uint256 i; i < count; ++i) {
            uint8 role = nodes[i].role;
            if (role >= ROLES) revert RoleInvalid(role);
            if (i != 0 && role <= previous) revert RolesNotRising(previous, role);
            previous = role;
            roles |= 1 << role;
            uint256 entry = (uint256(role) << 248) | (uint256(uint160(nodes[i].node)) << 88);
            // Entries of 21 bytes are written in order; the bytes behind one belong to the next or to nobody yet and are kept.
            assembly ("memory-safe") {
                let cursor := add(add(packed, 32), mul(i, 21))
                let rest := and(mload(cursor), 0xffffffffffffffffffffff)
                mstore(cursor, or(entry, rest))
            }
        }
        code = bytes16(keccak256(packed));
    }

    function _roleNames(uint256 cursor, uint256 roles) private pure returns (uint256) {
        uint256 first = cursor;
        if (roles & 1 != 0) cursor = Text.word(cursor, "storage", 7);
        if (roles & 2 != 0) cursor = Text.word(_separated(cursor, first), "render", 6);
        if (roles & 4 != 0) cursor = Text.word(_separated(cursor, first), "energy", 6);
        if (roles & 8 != 0) cursor = Text.word(_separated(cursor, first), "indexing", 8);
        if (roles & 16 != 0) cursor = Text.word(_separated(cursor, first), "relay", 5);
        return cursor;
    }

    function _separated(uint256 cursor, uint256 first) private pure returns (uint256) {
        return cursor == first ? cursor : Text.word(cursor, ", ", 2);
    }
}
