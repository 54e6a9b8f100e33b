// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Parts of a line that are taken out, in rising order; lives in memory.
/// @notice Drawing a point of what is left and skipping the parts draws without replacement, with no point in vain.
library Intervals {
    struct List {
        uint256[] starts;
        uint256[] lengths;
        uint256 count;
        /// Sum of lengths.
        uint256 covered;
    }

    /// @notice An empty list with room for `capacity` parts.
    function create(uint256 capacity) internal pure returns (List memory) {
        return List(new uint256[](capacity), new uint256[](capacity), 0, 0);
    }

    /// @notice Place on the whole line of a point of what is left.
    function skip(List memory list, uint256 point) internal pure returns (uint256) {
        unchecked {
            for (uint256 i; i < list.count; ++i) {
                if (point < list.starts[i]) break;
                point += list.lengths[i];
            }
        }
        return point;
    }

    /// @notice Takes out a part that overlaps none of the others.
    function add(List memory list, uint256 start, uint256 length) internal pure {
        uint256 place = list.count++;
        for (; place != 0 && list.starts[place - 1] > start; --place) {
            (list.starts[place], list.lengths[place]) = (list.starts[place - 1], list.lengths[place - 1]);
        }
        (list.starts[place], list.lengths[place]) = (start, length);
        list.covered += length;
    }
}
