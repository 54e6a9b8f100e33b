// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Pieces whose leaves follow from a number, with a tree written recursively and apart from the one under test.
library Trees {
    function leafOf(uint256 seed, uint256 index, uint256 leafCount) internal pure returns (bytes32) {
        return index < leafCount ? keccak256(abi.encode(seed, index)) : bytes32(0);
    }

    function heightOf(uint256 leafCount) internal pure returns (uint256 height) {
        while (1 << height < leafCount) ++height;
    }

    function rootOf(uint256 seed, uint256 leafCount) internal pure returns (bytes32) {
        return nodeOf(seed, leafCount, heightOf(leafCount), 0);
    }

    /// @dev Node at a height above the leaves.
    function nodeOf(uint256 seed, uint256 leafCount, uint256 height, uint256 index) internal pure returns (bytes32) {
        if (height == 0) return leafOf(seed, index, leafCount);
        bytes32 left = nodeOf(seed, leafCount, height - 1, 2 * index);
        bytes32 right = nodeOf(seed, leafCount, height - 1, 2 * index + 1);
        return sha256(abi.encodePacked(left, right));
    }

    function proofOf(uint256 seed, uint256 leafCount, uint256 leaf) internal pure returns (bytes memory proof) {
        proof = abi.encodePacked(leafOf(seed, leaf, leafCount));
        uint256 height = heightOf(leafCount);
        for (uint256 i; i < height; ++i) {
            proof = abi.encodePacked(proof, nodeOf(seed, leafCount, i, (leaf >> i) ^ 1));
        }
    }
}
