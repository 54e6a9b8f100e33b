// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DrawTree} from "../src/libraries/DrawTree.sol";
import {Intervals} from "../src/libraries/Intervals.sol";
import {Base} from "./support/Base.sol";

contract DrawTreeTest is Base {
    using DrawTree for DrawTree.Tree;
    using Intervals for Intervals.List;

    uint256 private constant ENTRIES = 24;

    DrawTree.Tree private tree;
    uint256[24] private now_;
    uint256[24] private began;

    /// @dev Places all over the tree, so that words of every level are shared and not shared.
    function placeOf(uint256 entry) private pure returns (uint256) {
        return entry < 12 ? entry : entry * 7919;
    }

    function set(uint256 index, uint256 weight, uint256 turn) external {
        tree.set(index, weight, turn);
    }

    function testFuzz_a_turn_sees_the_weights_that_stood_when_it_began(uint256 seed) public {
        uint256 turn = 1000;
        for (uint256 step; step < 60; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (seed % 5 == 0) {
                turn += 1 + ((seed >> 8) % 3);
                began = now_;
            }
            uint256 entry = (seed >> 16) % ENTRIES;
            uint256 weight = (seed >> 32) % 4 == 0 ? 0 : (seed >> 40) % 1000;
            tree.set(placeOf(entry), weight, turn);
            now_[entry] = weight;
            check(turn, seed);
        }
    }

    function check(uint256 turn, uint256 seed) private view {
        uint256 total;
        for (uint256 i; i < ENTRIES; ++i) total += began[i];
        vm.assertEq(tree.totalAt(turn), total);
        if (total == 0) return;
        uint256 point = (seed >> 64) % total;
        (uint256 index, uint256 offset, uint256 weight) = tree.find(point, turn);
        uint256 start;
        // Entries are numbered in the order of their places.
        for (uint256 i; i < ENTRIES; ++i) {
            if (point < start + began[i]) {
                vm.assertEq(index, placeOf(i));
                vm.assertEq(offset, point - start);
                vm.assertEq(weight, began[i]);
                return;
            }
            start += began[i];
        }
        vm.assertTrue(false, "no entry found");
    }

    function test_every_turn_draws_each_point_of_the_line_once() public {
        for (uint256 i; i < 5; ++i) tree.set(i * 9, i + 1, 7);
        uint256[5] memory hits;
        for (uint256 point; point < 15; ++point) {
            (uint256 index, , ) = tree.find(point, 8);
            ++hits[index / 9];
        }
        for (uint256 i; i < 5; ++i) vm.assertEq(hits[i], i + 1);
    }

    function test_a_full_tree_refuses_instead_of_spilling_over() public {
        uint256 most = DrawTree.MAXIMUM_TOTAL;
        tree.set(0, most, 1);
        vm.expectRevert(abi.encodeWithSelector(DrawTree.TreeFull.selector, 1, most + 1));
        this.set(1, 1, 1);
        tree.set(0, most - 1, 1);
        tree.set(1, 1, 1);
        vm.assertEq(tree.totalAt(2), most);
        uint256 outside = DrawTree.CAPACITY;
        tree.set(0, 0, 2);
        vm.expectRevert(abi.encodeWithSelector(DrawTree.TreeFull.selector, outside, 2));
        this.set(outside, 1, 2);
        tree.set(outside - 1, 5, 2);
        (uint256 index, , ) = tree.find(1, 3);
        vm.assertEq(index, outside - 1);
    }

    function testFuzz_drawing_without_replacement_meets_each_part_once(uint256 seed, uint8 parts) public pure {
        uint256 count = bound(parts, 1, 20);
        uint256[] memory ends = new uint256[](count);
        uint256 total;
        for (uint256 i; i < count; ++i) {
            total += 1 + (uint256(keccak256(abi.encode(seed, i))) % 9);
            ends[i] = total;
        }
        bool[] memory met = new bool[](count);
        Intervals.List memory seen = Intervals.create(count);
        for (uint256 i; i < count; ++i) {
            uint256 point = seen.skip(uint256(keccak256(abi.encode(seed, "draw", i))) % (total - seen.covered));
            uint256 part;
            while (point >= ends[part]) ++part;
            vm.assertFalse(met[part]);
            met[part] = true;
            uint256 start = part == 0 ? 0 : ends[part - 1];
            seen.add(start, ends[part] - start);
        }
        vm.assertEq(seen.covered, total);
    }
}
