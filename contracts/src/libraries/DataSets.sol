// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStorageMarket} from "../interfaces/IStorageMarket.sol";
import {SumTree} from "./SumTree.sol";

/// @title State of one data set and the rules by which it changes.
/// @notice What counts in a period is frozen when the period opens: every change first moves the present figures to
/// `frozen`, once per period, and then alters the present ones, which count from the next period.
library DataSets {
    using SumTree for SumTree.Tree;

    enum State {
        None,
        Active,
        /// Dropped by the customer; the period that runs is still owed.
        Dropping,
        Ended
    }

    struct Set {
        // Slot 0: all that a proof writes here.
        address operator;
        uint32 lastProven;
        uint32 settledThrough;
        uint8 levels;
        uint8 pendingRemovals;
        State state;
        // Slot 1: read by proofs, written by changes.
        uint32 leafCount;
        uint32 frozenLeafCount;
        uint32 changePeriod;
        uint80 rateWei;
        uint80 frozenRateWei;
        // Slot 2: what only changes and faults touch.
        uint32 pieceCount;
        uint32 firstPeriod;
        uint32 sequence;
        uint32 faults;
        uint32 lastFault;
        uint32 faultBefore;
        uint40 endedAt;
        // Slot 3 and 4: who they are, for readers that come by index.
        address customer;
        uint96 pricePerGiBPeriodWei;
        address node;
        uint64 retrievalPricePerMiBWei;
        SumTree.Tree tree;
        mapping(uint256 index => bytes32) roots;
        /// Eight exact lengths to a word; the top bit of each marks a piece as removed.
        mapping(uint256 index => uint256) lengths;
        mapping(uint256 index => uint32) removals;
    }

    uint256 internal constant MAXIMUM_LENGTH = type(uint32).max >> 1;
    uint256 internal constant MAXIMUM_PENDING_REMOVALS = 64;
    /// @dev 2^25 leaves of 32 bytes are one GiB.
    uint256 private constant LEAVES_PER_GIB_BITS = 25;
    uint256 private constant REMOVED = 1 << 31;

    error PieceLengthInvalid(uint256 lengthBytes);
    error SetFull(uint256 leafCount);
    error RateTooHigh(uint256 rateWei);
    error PieceUnknown(uint256 index);
    error PieceRemovedAlready(uint256 index);
    error TooManyRemovals(uint256 pending);

    /// @notice Leaves and wei that count in a period.
    function frozenAt(Set storage set, uint256 period) internal view returns (uint256 leafCount, uint256 rateWei) {
        return period > set.changePeriod ? (set.leafCount, set.rateWei) : (set.frozenLeafCount, set.frozenRateWei);
    }

    /// @notice Prepares a change in `period`: freezes the present figures unless this period's are frozen already.
    function beginChange(Set storage set, uint256 period) internal {
        applyRemovals(set, period);
        if (set.changePeriod >= period) return;
        (set.frozenLeafCount, set.frozenRateWei) = (set.leafCount, set.rateWei);
        set.changePeriod = uint32(period);
    }

    /// @notice Takes out of the tree what was removed in an earlier period.
    function applyRemovals(Set storage set, uint256 period) internal {
        uint256 pending = set.pendingRemovals;
        if (pending == 0 || set.changePeriod >= period) return;
        uint256 levels = set.levels;
        for (uint256 i; i < pending; ++i) {
            set.tree.clear(levels, set.removals[i]);
        }
        set.pendingRemovals = 0;
    }

    /// @notice Appends a piece to the tree; `count` and rate are booked by `addFigures`.
    function appendPiece(
        Set storage set,
        uint256 index,
        bytes32 root,
        uint256 lengthBytes
    ) internal returns (uint256 count) {
        if (lengthBytes == 0 || lengthBytes > MAXIMUM_LENGTH) revert PieceLengthInvalid(lengthBytes);
        count = (lengthBytes + 31) >> 5;
        set.roots[index] = root;
        set.lengths[index >> 3] |= lengthBytes << ((index & 7) << 5);
        uint256 present = set.tree.total(set.levels);
        if (present + count > type(uint32).max) revert SetFull(present + count);
        set.levels = uint8(set.tree.append(index, count));
    }

    /// @notice Books leaves that were appended, at a price per GiB and period; the rate is rounded down, against the payee.
    function addFigures(Set storage set, uint256 leaves, uint256 pricePerGiBPeriodWei) internal returns (uint256 rate) {
        rate = set.rateWei + ((leaves * pricePerGiBPeriodWei) >> LEAVES_PER_GIB_BITS);
        if (rate > type(uint80).max) revert RateTooHigh(rate);
        set.rateWei = uint80(rate);
        set.leafCount += uint32(leaves);
    }

    /// @notice Marks a piece as removed and takes its share off the present figures, rounded down against the customer.
    function removePiece(Set storage set, uint256 index) internal {
        if (index >= set.pieceCount) revert PieceUnknown(index);
        (, bool removed) = lengthAt(set, index);
        if (removed) revert PieceRemovedAlready(index);
        uint256 pending = set.pendingRemovals;
        if (pending == MAXIMUM_PENDING_REMOVALS) revert TooManyRemovals(pending);
        set.removals[pending] = uint32(index);
        set.pendingRemovals = uint8(pending + 1);
        set.lengths[index >> 3] |= REMOVED << ((index & 7) << 5);
        uint256 leaves = set.tree.countAt(index);
        uint256 leafCount = set.leafCount;
        set.rateWei -= uint80((uint256(set.rateWei) * leaves) / leafCount);
        set.leafCount = uint32(leafCount - leaves);
    }

    /// @notice Takes pieces out that must be the ones that stand at `first` and behind it.
    function takePieces(Set storage set, uint256 first, IStorageMarket.Piece[] calldata pieces) internal {
        for (uint256 i; i < pieces.length; ++i) {
            uint256 index = first + i;
            (uint256 lengthBytes, ) = lengthAt(set, index);
            if (set.roots[index] != pieces[i].root || lengthBytes != pieces[i].lengthBytes) revert PieceUnknown(index);
            removePiece(set, index);
        }
    }

    /// @notice Exact length of a piece, and whether it was removed.
    function lengthAt(Set storage set, uint256 index) internal view returns (uint256 lengthBytes, bool removed) {
        uint256 entry = uint32(set.lengths[index >> 3] >> ((index & 7) << 5));
        return (entry & MAXIMUM_LENGTH, entry & REMOVED != 0);
    }

    /// @notice Forgets up to `count` pieces from the end; the set can begin anew once none is left.
    function forgetPieces(Set storage set, uint256 count) internal returns (uint256 left) {
        left = set.pieceCount;
        for (; count != 0 && left != 0; --count) {
            --left;
            delete set.roots[left];
            if (left & 7 == 0) delete set.lengths[left >> 3];
            set.tree.clear(set.levels, left);
        }
        set.pieceCount = uint32(left);
    }
}
