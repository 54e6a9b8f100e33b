// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../../src/interfaces/IRenderMarket.sol";
import {RenderFixture} from "./RenderFixture.sol";

/// @dev A result of five cells with both trees, written apart from the contract's library: sides by place, pads byte by byte.
abstract contract RenderKeysFixture is RenderFixture {
    uint32 internal constant CELLS = 5;

    bytes32 private _key = keccak256("key of a result");
    uint256 private _lastLength = 20;
    uint256 private _spoiledPlace = 3;
    bytes1 private _spoiledBy = 0x01;
    uint32 private _bad = type(uint32).max;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i; i < HOMES; ++i) stakeRender(owners[i].addr, 100e18);
    }

    function useKey(bytes32 key) internal {
        _key = key;
    }

    function lengthOfLast(uint256 length) internal {
        _lastLength = length;
    }

    /// @dev What is wrong with the bad cell's ciphertext.
    function spoil(uint32 cell, uint256 place, bytes1 by) internal {
        _spoiledPlace = place % plainOf(cell).length;
        _spoiledBy = by;
    }

    /// @dev A unit of which the first result is paid; the key opens all of it but `cell`.
    function paidWithBadCell(uint32 cell) internal returns (bytes32 jobId) {
        _bad = cell;
        jobId = drawn(1, 2);
        IRenderMarket.Release memory one = keyRelease();
        bytes32 keyHash = keccak256(abi.encode(one.key));
        IRenderMarket.Opening memory opening = IRenderMarket.Opening(
            0,
            "salt",
            one.resultRoot,
            one.cipherRoot,
            keyHash
        );
        commit(jobId, 0, opening);
        commit(jobId, 1);
        reveal(jobId, opening);
        accept(jobId, 0);
        release(jobId, one);
    }

    function keyRelease() internal view returns (IRenderMarket.Release memory) {
        return IRenderMarket.Release(0, rootOf(leaves(false)), rootOf(leaves(true)), _key);
    }

    function prove(bytes32 jobId, IRenderMarket.BadCell memory bad) internal {
        renderMarket.proveBadKey(jobId, keyRelease(), bad);
    }

    function badCell(uint32 cell) internal view returns (IRenderMarket.BadCell memory) {
        return
            IRenderMarket.BadCell(
                cell,
                cipherOfCell(cell),
                proofOf(leaves(true), cell),
                keccak256(plainOf(cell)),
                proofOf(leaves(false), cell)
            );
    }

    function plainOf(uint32 cell) internal view returns (bytes memory content) {
        content = new bytes(cell == CELLS - 1 ? _lastLength : 16 * 12);
        for (uint256 i; i < content.length; ++i) content[i] = keccak256(abi.encode("plain", cell, i))[0];
    }

    function cipherOfCell(uint32 cell) private view returns (bytes memory content) {
        content = plainOf(cell);
        for (uint256 i; i < content.length; ++i) {
            bytes32 pad = keccak256(abi.encodePacked(_key, cell, uint32(i / 32)));
            content[i] ^= pad[i % 32];
        }
        if (cell == _bad) content[_spoiledPlace] ^= _spoiledBy;
    }

    function leaves(bool cipher) private view returns (bytes32[] memory list) {
        list = new bytes32[](CELLS);
        for (uint32 cell; cell < CELLS; ++cell) {
            bytes memory content = cipher ? cipherOfCell(cell) : plainOf(cell);
            list[cell] = keccak256(bytes.concat(hex"00", bytes4(cell), keccak256(content)));
        }
    }

    function above(bytes32[] memory level) private pure returns (bytes32[] memory next) {
        next = new bytes32[]((level.length + 1) / 2);
        for (uint256 i; i < next.length; ++i) {
            if (2 * i + 1 == level.length) {
                next[i] = level[2 * i];
                continue;
            }
            (uint256 one, uint256 other) = (uint256(level[2 * i]), uint256(level[2 * i + 1]));
            (uint256 lower, uint256 higher) = one < other ? (one, other) : (other, one);
            next[i] = keccak256(bytes.concat(hex"01", bytes32(lower), bytes32(higher)));
        }
    }

    function rootOf(bytes32[] memory level) private pure returns (bytes32) {
        while (level.length > 1) level = above(level);
        return level[0];
    }

    function proofOf(bytes32[] memory level, uint256 place) private pure returns (bytes32[] memory proof) {
        proof = new bytes32[](8);
        uint256 length;
        while (level.length > 1) {
            uint256 sibling = place ^ 1;
            if (sibling < level.length) proof[length++] = level[sibling];
            level = above(level);
            place >>= 1;
        }
        assembly ("memory-safe") {
            mstore(proof, length)
        }
    }
}
