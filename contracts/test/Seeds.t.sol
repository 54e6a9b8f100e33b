// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISeeds} from "../src/interfaces/ISeeds.sol";
import {Fixture} from "./support/Fixture.sol";

contract SeedsTest is Fixture {
    uint256 private slot;

    function setUp() public override {
        super.setUp();
        slot = block.timestamp / SLOT;
    }

    function test_seed_is_the_hash_of_the_eighth_block_after_opening() public {
        seeds.open(slot);
        vm.assertEq(seeds.slots(slot).drawBlock, block.number + 8);
        vm.roll(block.number + 9);
        vm.setBlockhash(block.number - 1, keccak256("drawn"));
        vm.warp(block.timestamp + 9);
        seeds.capture(slot);
        (bytes32 seed, uint256 capturedAt) = seeds.seedOf(slot);
        vm.assertEq(seed, keccak256("drawn"));
        vm.assertEq(capturedAt, block.timestamp);
        vm.assertEq(seeds.capturedAt(slot), block.timestamp);
    }

    function testFuzz_a_slot_opens_only_once_it_has_begun(uint256 ahead) public {
        ahead = bound(ahead, 1, 1e6);
        uint256 dueAt = (slot + ahead) * SLOT;
        vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotNotDue.selector, slot + ahead, dueAt));
        seeds.open(slot + ahead);
        vm.warp(dueAt);
        seeds.open(slot + ahead);
    }

    function test_capture_needs_an_open_slot_whose_block_is_over() public {
        vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotNotOpen.selector, slot));
        seeds.capture(slot);
        seeds.open(slot);
        uint256 drawBlock = block.number + 8;
        vm.roll(drawBlock);
        vm.expectRevert(abi.encodeWithSelector(ISeeds.DrawBlockNotPassed.selector, slot, drawBlock));
        seeds.capture(slot);
    }

    function test_captured_slots_are_final() public {
        seeds.open(slot);
        vm.roll(block.number + 9);
        seeds.capture(slot);
        vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotAlreadyCaptured.selector, slot));
        seeds.capture(slot);
        vm.roll(block.number + 1000);
        vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotAlreadyCaptured.selector, slot));
        seeds.open(slot);
    }

    function test_hash_that_the_chain_does_not_know_is_never_a_seed() public {
        seeds.open(slot);
        uint256 drawBlock = block.number + 8;
        vm.roll(drawBlock + 1);
        vm.setBlockhash(drawBlock, bytes32(0));
        vm.expectRevert(abi.encodeWithSelector(ISeeds.DrawBlockHashGone.selector, slot, drawBlock));
        seeds.capture(slot);
    }

    function testFuzz_reopened_only_after_two_hundred_blocks(uint256 wait) public {
        wait = bound(wait, 0, 400);
        seeds.open(slot);
        uint256 drawBlock = block.number + 8;
        vm.roll(drawBlock + wait);
        if (wait <= 200) vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotAlreadyOpen.selector, slot, drawBlock));
        seeds.open(slot);
        if (wait > 200) vm.assertEq(seeds.slots(slot).drawBlock, block.number + 8);
    }
}
