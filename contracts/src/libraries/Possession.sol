// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SumTree} from "./SumTree.sol";

/// @title Checks that someone who answers for a data set can read it.
/// @notice Trees are plain SHA-256 over 32-byte leaves without truncation; a piece of n leaves has height ceil(log2 n) and
/// zero leaves as padding, which are never challenged. A proof is the leaf and its siblings from the bottom up, so its
/// length is fixed by the piece; nothing of it is taken on trust.
library Possession {
    using SumTree for SumTree.Tree;

    /// @notice Challenges per period: a provider who lost a tenth of a set is found in 41 % of periods.
    uint256 internal constant CHALLENGES = 5;

    error ProofLengthWrong(uint256 given, uint256 needed);
    error ProofWrong(uint256 challenge, uint256 leaf);

    /// @notice Leaf of challenge `i`: uint256(keccak256(abi.encode(seed, setId, period, i))) % leafCount.
    function challenge(
        bytes32 seed,
        bytes32 setId,
        uint256 period,
        uint256 i,
        uint256 leafCount
    ) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, setId, period, i))) % leafCount;
    }

    /// @notice What a period asks of a set.
    struct Draw {
        bytes32 seed;
        bytes32 setId;
        uint256 period;
        uint256 leafCount;
    }

    /// @notice Reverts unless `proofs` answers all five challenges, one after the other without gaps.
    function verify(
        SumTree.Tree storage tree,
        mapping(uint256 index => bytes32 root) storage roots,
        uint256 levels,
        Draw memory draw,
        bytes calldata proofs
    ) internal view {
        uint256 cursor;
        for (uint256 i; i < CHALLENGES; ++i) {
            uint256 leaf = challenge(draw.seed, draw.setId, draw.period, i, draw.leafCount);
            (uint256 index, uint256 offset, uint256 count) = tree.find(levels, leaf);
            uint256 end = cursor + 32 + 32 * heightOf(count);
            if (end > proofs.length) revert ProofLengthWrong(proofs.length, end);
            if (rootOf(proofs[cursor:end], offset) != roots[index]) revert ProofWrong(i, leaf);
            cursor = end;
        }
        if (cursor != proofs.length) revert ProofLengthWrong(proofs.length, cursor);
    }

    /// @notice ceil(log2(leafCount)) for one leaf and more.
    function heightOf(uint256 leafCount) internal pure returns (uint256 height) {
        unchecked {
            uint256 rest = leafCount - 1;
            if (rest >= 1 << 16) {
                rest >>= 16;
                height = 16;
            }
            while (rest != 0) {
                rest >>= 1;
                ++height;
            }
        }
    }

    /// @notice Root that leaf and siblings lead to, for a leaf at `offset` of its piece.
    /// @dev Assembly because this runs 95 times per proof: the compiler's sha256 copies its input to fresh memory and
    /// checks the answer's size, which together cost as much as the precompile. Scratch space 0x00 to 0x3f takes both
    /// halves, so no memory grows. The precompile fails only for lack of gas; a node that was not hashed must not
    /// pass for one, so a failure anywhere makes the root zero.
    function rootOf(bytes calldata proof, uint256 offset) internal view returns (bytes32 node) {
        assembly ("memory-safe") {
            let cursor := proof.offset
            let end := add(cursor, proof.length)
            node := calldataload(cursor)
            let fine := 1
            for {
                cursor := add(cursor, 32)
            } lt(cursor, end) {
                cursor := add(cursor, 32)
            } {
                // An even node is the left half, an odd one the right.
                let side := shl(5, and(offset, 1))
                mstore(side, node)
                mstore(xor(side, 32), calldataload(cursor))
                fine := and(fine, staticcall(gas(), 2, 0, 64, 0, 32))
                node := mload(0)
                offset := shr(1, offset)
            }
            node := mul(node, fine)
        }
    }
}
