// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Finds the piece that holds a leaf, with eight sums to a storage word.
/// @notice Level 0 holds the leaf counts of pieces, each level above the sums of eight entries below. Sixty-four pieces
/// need two levels, so a lookup reads two words; counts and sums have 32 bits, so a tree holds under 2^32 leaves
/// (128 GiB), which the caller checks with `total` before it appends.
library SumTree {
    struct Tree {
        mapping(uint256 key => uint256 word) words;
    }

    error LeafOutside(uint256 leaf);

    /// @notice Appends an entry at the next index and returns how many levels the tree now has.
    function append(Tree storage tree, uint256 index, uint256 count) internal returns (uint256 levels) {
        unchecked {
            uint256 position = index;
            while (true) {
                uint256 key = _key(levels, position >> 3);
                uint256 word = tree.words[key];
                // The first entry of a new top level: its left neighbour is everything that was there before.
                if (levels != 0 && index == 1 << (3 * levels)) word = _sum(tree.words[_key(levels - 1, 0)]);
                tree.words[key] = word + (count << ((position & 7) << 5));
                ++levels;
                if (position < 8) return levels;
                position >>= 3;
            }
        }
    }

    /// @notice Sets an entry to zero; later leaves move down by its count, which is returned.
    function clear(Tree storage tree, uint256 levels, uint256 index) internal returns (uint256 count) {
        unchecked {
            count = countAt(tree, index);
            uint256 position = index;
            for (uint256 level; level < levels; ++level) {
                tree.words[_key(level, position >> 3)] -= count << ((position & 7) << 5);
                position >>= 3;
            }
        }
    }

    /// @notice Leaf count of an entry.
    function countAt(Tree storage tree, uint256 index) internal view returns (uint256) {
        return uint32(tree.words[_key(0, index >> 3)] >> ((index & 7) << 5));
    }

    /// @notice Sum of all entries.
    function total(Tree storage tree, uint256 levels) internal view returns (uint256) {
        return levels == 0 ? 0 : _sum(tree.words[_key(levels - 1, 0)]);
    }

    /// @notice The entry that holds a leaf, the leaf's place in it and the entry's leaf count.
    function find(
        Tree storage tree,
        uint256 levels,
        uint256 leaf
    ) internal view returns (uint256 index, uint256 offset, uint256 count) {
        unchecked {
            offset = leaf;
            while (levels != 0) {
                --levels;
                uint256 word = tree.words[_key(levels, index)];
                index <<= 3;
                uint256 end = index + 8;
                count = uint32(word);
                while (offset >= count) {
                    offset -= count;
                    word >>= 32;
                    count = uint32(word);
                    if (++index == end) revert LeafOutside(leaf);
                }
            }
        }
    }

    function _key(uint256 level, uint256 index) private pure returns (uint256) {
        unchecked {
            return (level << 64) | index;
        }
    }

    function _sum(uint256 word) private pure returns (uint256 sum) {
        unchecked {
            for (; word != 0; word >>= 32) sum += uint32(word);
        }
    }
}
