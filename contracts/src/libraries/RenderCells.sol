// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Cells of a rendered unit: how they are committed to and encrypted, as IRenderMarket says.
library RenderCells {
    /// @notice Leaf of a cell whose bytes have this hash. Its number is in it, so that one cell cannot stand in for another
    /// although the bytes are not at hand.
    function leafOf(uint32 cell, bytes32 contentHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), cell, contentHash));
    }

    /// @notice Root that a leaf and its siblings from the bottom up lead to.
    function rootOf(bytes32 leaf, bytes32[] calldata siblings) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 i; i < siblings.length; ++i) {
            bytes32 other = siblings[i];
            (bytes32 lower, bytes32 higher) = node < other ? (node, other) : (other, node);
            node = keccak256(abi.encodePacked(bytes1(0x01), lower, higher));
        }
    }

    /// @notice Content of an encrypted cell; encrypts as well.
    function open(bytes32 key, uint32 cell, bytes calldata content) internal pure returns (bytes memory opened) {
        opened = content;
        for (uint256 word; word * 32 < opened.length; ++word) {
            bytes32 pad = keccak256(abi.encodePacked(key, cell, uint32(word)));
            uint256 left = opened.length - word * 32;
            // The last word may be short: what lies behind it in memory must stay as it is.
            if (left < 32) pad = bytes32((uint256(pad) >> (256 - 8 * left)) << (256 - 8 * left));
            assembly ("memory-safe") {
                let cursor := add(add(opened, 32), mul(word, 32))
                mstore(cursor, xor(mload(cursor), pad))
            }
        }
    }
}
