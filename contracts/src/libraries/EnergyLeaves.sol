// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEnergyMarket} from "../interfaces/IEnergyMarket.sol";

/// @title Leaves of a settled day and their places, as roles/energy/protocol/README.md writes them.
library EnergyLeaves {
    /// @notice Sums over the entries of a slot up to one.
    struct Sums {
        uint256 bought;
        uint256 sold;
        uint256 delivered;
        uint256 taken;
    }

    /// @notice Leaf of a slot's header; `slotKey` binds chain, contract, community and slot.
    function ofHeader(bytes32 slotKey, IEnergyMarket.HeaderFigures calldata figures) internal pure returns (bytes32) {
        return keccak256(abi.encode(slotKey, figures));
    }

    /// @notice Leaf of an entry.
    function ofEntry(bytes32 slotKey, IEnergyMarket.Entry calldata entry) internal pure returns (bytes32) {
        bytes32 book = keccak256(
            abi.encode(slotKey, keccak256(abi.encode(entry.line)), keccak256(abi.encode(entry.sums)))
        );
        return keccak256(abi.encode(book, keccak256(abi.encode(entry.measure)), keccak256(abi.encode(entry.run))));
    }

    /// @notice Leaf of a node's total.
    function ofTotal(bytes32 dayKey, IEnergyMarket.Total calldata total) internal pure returns (bytes32) {
        return keccak256(abi.encode(dayKey, total.node, total.netWei, total.lastEntry, total.salt));
    }

    /// @notice True when a leaf stands at a place of a list of `count` with this root. Sides follow from the place; a node without
    /// a neighbour rises as it is. The place must be below the count.
    function standsAt(
        bytes32 root,
        uint256 count,
        uint256 index,
        bytes32 leaf,
        bytes32[] calldata siblings
    ) internal pure returns (bool) {
        uint256 used;
        for (uint256 width = count; width > 1; width = (width + 1) >> 1) {
            if (index ^ 1 < width) {
                if (used == siblings.length) return false;
                bytes32 sibling = siblings[used++];
                leaf = index & 1 == 0 ? keccak256(abi.encode(leaf, sibling)) : keccak256(abi.encode(sibling, leaf));
            }
            index >>= 1;
        }
        return used == siblings.length && leaf == root;
    }

    /// @notice What an entry says of all before it in its slot.
    function before(IEnergyMarket.Entry calldata entry) internal pure returns (Sums memory) {
        return
            Sums(
                entry.sums.boughtBeforeWh,
                entry.sums.soldBeforeWh,
                entry.run.deliveredBeforeWh,
                entry.run.takenBeforeWh
            );
    }

    /// @notice The same with the entry itself: what is kept of a trade is the lesser of filled and measured.
    function including(IEnergyMarket.Entry calldata entry) internal pure returns (Sums memory sums) {
        sums = before(entry);
        (uint256 filled, uint256 measured) = (entry.line.filledWh, entry.measure.measuredWh);
        uint256 kept = filled < measured ? filled : measured;
        if (entry.line.side == 0) (sums.sold, sums.delivered) = (sums.sold + filled, sums.delivered + kept);
        else (sums.bought, sums.taken) = (sums.bought + filled, sums.taken + kept);
    }

    function same(Sums memory left, Sums memory right) internal pure returns (bool) {
        return
            left.bought == right.bought &&
            left.sold == right.sold &&
            left.delivered == right.delivered &&
            left.taken == right.taken;
    }

    /// @notice True when the limit is better than the price: more than a buyer, less than a seller must give.
    function betterThan(IEnergyMarket.Line calldata line, uint256 price) internal pure returns (bool) {
        return line.side == 0 ? line.limitGweiPerWh < price : line.limitGweiPerWh > price;
    }

    function worseThan(IEnergyMarket.Line calldata line, uint256 price) internal pure returns (bool) {
        return line.side == 0 ? line.limitGweiPerWh > price : line.limitGweiPerWh < price;
    }
}
