// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the root of an energy day commits to, leaf by leaf.
/// @notice The encoding is the one of roles/energy/protocol/README.md: every hash is keccak256(abi.encode(...)) of values that fill one word
/// each. A list is a Merkle tree in the list's order; a proof shows a leaf's place, so two neighbours show that nothing lies between.
library EnergyDays {
    /// @notice A slot of the day. Sums are in Wh; `signatureHash` is keccak256 of the settler's signature of its SlotResult.
    struct Header {
        bytes32 slotKey;
        address settler;
        bytes32 bookRoot;
        uint32 orderCount;
        uint32 firstEntry;
        uint32 priceGweiPerWh;
        uint64 tradedWh;
        uint64 deliveredWh;
        uint64 takenWh;
        bytes32 signatureHash;
        bytes32 salt;
    }

    /// @notice An order and its fill. `side`: 0 sells, 1 buys.
    struct Line {
        bytes32 orderHash;
        address node;
        uint8 side;
        uint32 limitGweiPerWh;
        uint32 wattHours;
        uint32 filledWh;
        bytes32 salt;
    }

    /// @notice Fills of the lines before one in its slot.
    struct Sums {
        uint64 boughtBeforeWh;
        uint64 soldBeforeWh;
        bytes32 salt;
    }

    /// @notice What the meter counted in the order's direction, and what the trade came to.
    struct Measure {
        uint32 measuredWh;
        bytes32 readingHash;
        int128 netWei;
        bytes32 salt;
    }

    /// @notice Sums before an entry: of its slot, and of its node over the day. `previousEntry` is 1 + the number of the node's entry before.
    struct Run {
        uint64 deliveredBeforeWh;
        uint64 takenBeforeWh;
        int128 nodeNetBeforeWei;
        uint32 previousEntry;
        bytes32 salt;
    }

    struct Entry {
        Line line;
        Sums sums;
        Measure measure;
        Run run;
    }

    /// @notice A node's sum of the day. `lastEntry` is 1 + the number of its last entry.
    struct Total {
        address node;
        int128 netWei;
        uint32 lastEntry;
        bytes32 salt;
    }

    /// @notice Key of a slot of a community of this contract on this chain.
    function slotKey(bytes32 community, uint256 slot) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), community, slot));
    }

    /// @notice Key of a day of a community of this contract on this chain.
    function dayKey(bytes32 community, uint256 day) internal view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), community, day, uint256(1)));
    }

    function leafOf(Header memory header) internal pure returns (bytes32) {
        return keccak256(abi.encode(header));
    }

    /// @notice Leaf of a line in its slot's book.
    function bookLeafOf(bytes32 key, Line memory line, Sums memory sums) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, keccak256(abi.encode(line)), keccak256(abi.encode(sums))));
    }

    /// @notice Leaf of an entry of the slot with this key.
    function leafOf(bytes32 key, Entry memory entry) internal pure returns (bytes32) {
        bytes32 book = bookLeafOf(key, entry.line, entry.sums);
        return keccak256(abi.encode(book, keccak256(abi.encode(entry.measure)), keccak256(abi.encode(entry.run))));
    }

    /// @notice Leaf of a total of the day with this key.
    function leafOf(bytes32 key, Total memory total) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, total));
    }

    /// @notice The root that goes on chain.
    function rootOf(
        bytes32 key,
        bytes32 treeRoot,
        uint256 entryCount,
        uint256 nodeCount,
        uint256 certificateCount
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, treeRoot, entryCount, nodeCount, certificateCount));
    }

    /// @notice True when `leaf` stands at `index` of a list of `count` with this root. A proof that is longer or shorter than the place
    /// needs is none.
    function standsIn(
        bytes32 root,
        uint256 count,
        uint256 index,
        bytes32 leaf,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        if (index >= count) return false;
        bytes32 node = leaf;
        uint256 used;
        for (; count > 1; (count, index) = ((count + 1) >> 1, index >> 1)) {
            if (index ^ 1 >= count) continue;
            if (used == proof.length) return false;
            bytes32 sibling = proof[used++];
            node = index & 1 == 0 ? keccak256(abi.encode(node, sibling)) : keccak256(abi.encode(sibling, node));
        }
        return used == proof.length && node == root;
    }
}
