// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Draws an entry by its weight from a tree that stands still for the turn that runs.
/// @notice Level 0 holds the weights of entries, each level above the sums of eight below. Every word keeps what it held when the
/// running turn began: a write during the turn changes the word for the next turns only. So a draw with the turn's seed does
/// not depend on anything that was done after the seed could be known.
/// @dev Eight lanes of 28 bits and the turn of the last change (32 bits) to a word; the sum of all weights has 28 bits too.
library DrawTree {
    struct Tree {
        mapping(uint256 key => uint256 word) current;
        mapping(uint256 key => uint256 lanes) before;
    }

    /// @notice Levels of every tree: 8^6 entries.
    uint256 internal constant LEVELS = 6;
    uint256 internal constant CAPACITY = 1 << (3 * LEVELS);
    uint256 internal constant MAXIMUM_TOTAL = (1 << LANE_BITS) - 1;
    uint256 private constant LANE_BITS = 28;
    uint256 private constant TURN_SHIFT = 224;
    uint256 private constant LANES = (1 << TURN_SHIFT) - 1;

    error TreeFull(uint256 index, uint256 total);

    /// @notice Gives an entry another weight, for all turns after `turn`, which must never fall from one call to the next.
    function set(Tree storage tree, uint256 index, uint256 weight, uint256 turn) internal {
        uint256 lane = (index & 7) * LANE_BITS;
        uint256 old = (tree.current[_key(0, index >> 3)] >> lane) & MAXIMUM_TOTAL;
        uint256 total = _sum(tree.current[_key(LEVELS - 1, 0)] & LANES) + weight - old;
        if (index >= CAPACITY || total > MAXIMUM_TOTAL) revert TreeFull(index, total);
        // A lane never holds more than the total, so no sum runs into its neighbour, and the difference may wrap.
        unchecked {
            uint256 position = index;
            for (uint256 level; level < LEVELS; ++level) {
                uint256 key = _key(level, position >> 3);
                uint256 word = tree.current[key];
                if (word >> TURN_SHIFT != turn) tree.before[key] = word & LANES;
                uint256 lanes = (word & LANES) + ((weight - old) << ((position & 7) * LANE_BITS));
                tree.current[key] = (lanes & LANES) | (turn << TURN_SHIFT);
                position >>= 3;
            }
        }
    }

    /// @notice Sum of all weights as they stood when `turn`, the one that runs, began.
    function totalAt(Tree storage tree, uint256 turn) internal view returns (uint256) {
        return _sum(_read(tree, _key(LEVELS - 1, 0), turn));
    }

    /// @notice The entry that holds a point of the total, the point's place in it, and the entry's weight, as they stood when
    /// `turn` began. The point must be below the total.
    function find(
        Tree storage tree,
        uint256 point,
        uint256 turn
    ) internal view returns (uint256 index, uint256 offset, uint256 weight) {
        unchecked {
            offset = point;
            for (uint256 level = LEVELS; level != 0;) {
                --level;
                uint256 lanes = _read(tree, _key(level, index), turn);
                index <<= 3;
                weight = lanes & MAXIMUM_TOTAL;
                while (offset >= weight) {
                    offset -= weight;
                    lanes >>= LANE_BITS;
                    weight = lanes & MAXIMUM_TOTAL;
                    ++index;
                }
            }
        }
    }

    function _read(Tree storage tree, uint256 key, uint256 turn) private view returns (uint256) {
        uint256 word = tree.current[key];
        return word >> TURN_SHIFT == turn ? tree.before[key] : word & LANES;
    }

    function _key(uint256 level, uint256 index) private pure returns (uint256) {
        unchecked {
            return (level << 64) | index;
        }
    }

    function _sum(uint256 lanes) private pure returns (uint256 sum) {
        unchecked {
            for (; lanes != 0; lanes >>= LANE_BITS) sum += lanes & MAXIMUM_TOTAL;
        }
    }
}
