// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISeeds} from "../../src/interfaces/ISeeds.sol";
import {Fixture} from "../support/Fixture.sol";

/// @notice One test per attack of PROTOCOL 4.
contract SeedAttacks is Fixture {
    function test_4_prover_cannot_redraw_a_seed_that_he_dislikes() public {
        uint256 slot = block.timestamp / SLOT;
        seeds.open(slot);
        uint256 drawBlock = block.number + 8;
        for (uint256 wait; wait <= 200; wait += 40) {
            vm.roll(drawBlock + wait);
            vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotAlreadyOpen.selector, slot, drawBlock));
            seeds.open(slot);
        }
        seeds.capture(slot);
    }

    function test_4_opener_cannot_know_the_seed() public {
        uint256 slot = block.timestamp / SLOT;
        seeds.open(slot);
        vm.assertTrue(seeds.slots(slot).drawBlock > block.number);
        (bytes32 seed, uint256 capturedAt) = seeds.seedOf(slot);
        vm.assertEq(seed, bytes32(0));
        vm.assertEq(capturedAt, 0);
    }

    function test_4_seed_cannot_be_drawn_before_its_slot_begins() public {
        uint256 next = block.timestamp / SLOT + 1;
        vm.expectRevert(abi.encodeWithSelector(ISeeds.SlotNotDue.selector, next, next * SLOT));
        seeds.open(next);
    }

    function test_4_late_capture_leaves_the_whole_time_to_prove_or_none() public {
        startSet();
        uint256 period = openNextPeriod();
        vm.warp(period * PERIOD + GAP);
        capture(period);
        prove(period);
    }
}
