// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SumTree} from "../src/libraries/SumTree.sol";
import {Possession} from "../src/libraries/Possession.sol";
import {Base} from "./support/Base.sol";

contract SumTreeTest is Base {
    using SumTree for SumTree.Tree;

    SumTree.Tree private tree;

    function find(uint256 levels, uint256 leaf) external view returns (uint256, uint256, uint256) {
        return tree.find(levels, leaf);
    }

    function testFuzz_finds_what_a_list_finds(uint256 seed, uint256 count) public {
        count = bound(count, 1, 150);
        uint256[] memory sizes = new uint256[](count);
        uint256 levels;
        uint256 total;
        for (uint256 i; i < count; ++i) {
            sizes[i] = 1 + (uint256(keccak256(abi.encode(seed, i))) % 1000);
            levels = tree.append(i, sizes[i]);
            total += sizes[i];
        }
        for (uint256 i; i < count / 4; ++i) {
            uint256 gone = uint256(keccak256(abi.encode(seed, "gone", i))) % count;
            vm.assertEq(tree.clear(levels, gone), sizes[gone]);
            total -= sizes[gone];
            sizes[gone] = 0;
        }
        vm.assertEq(tree.total(levels), total);
        if (total == 0) return;
        for (uint256 i; i < 20; ++i) {
            uint256 leaf = uint256(keccak256(abi.encode(seed, "leaf", i))) % total;
            (uint256 index, uint256 offset, uint256 size) = tree.find(levels, leaf);
            uint256 rest = leaf;
            uint256 expected;
            while (rest >= sizes[expected]) rest -= sizes[expected++];
            vm.assertEq(index, expected);
            vm.assertEq(offset, rest);
            vm.assertEq(size, sizes[expected]);
        }
    }

    function test_leaf_behind_the_end_is_refused() public {
        uint256 levels = tree.append(0, 5);
        vm.expectRevert(abi.encodeWithSelector(SumTree.LeafOutside.selector, 5));
        this.find(levels, 5);
    }

    function test_depth_grows_by_powers_of_eight() public {
        for (uint256 i; i < 65; ++i) {
            uint256 levels = tree.append(i, 1);
            vm.assertEq(
                levels,
                i < 8
                    ? 1
                    : i < 64
                        ? 2
                        : 3
            );
        }
        vm.assertEq(tree.total(3), 65);
    }

    function testFuzz_height_is_the_ceiling_of_the_logarithm(uint256 leafCount) public pure {
        leafCount = bound(leafCount, 1, type(uint32).max);
        uint256 height = Possession.heightOf(leafCount);
        vm.assertTrue(1 << height >= leafCount);
        vm.assertTrue(height == 0 || 1 << (height - 1) < leafCount);
    }
}
