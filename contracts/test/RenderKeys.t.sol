// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../src/interfaces/IRenderMarket.sol";
import {RenderKeysFixture} from "./support/RenderKeysFixture.sol";

contract RenderKeysTest is RenderKeysFixture {
    function test_a_key_that_does_not_open_one_cell_costs_standing_and_provision() public {
        bytes32 jobId = paidWithBadCell(2);
        address home = taskOf(jobId, 0).node;
        uint256 earned = earnedOf(home);
        vm.expectEmit();
        emit IRenderMarket.BadKeyProven(jobId, home, 0, 2, 1e18);
        prove(jobId, badCell(2));
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        vm.assertEq(registry.provisionOf(ownerOf(home).addr, address(renderMarket)), 99e18);
        vm.assertEq(renderPool.workerOf(home).strikes, 1);
        vm.assertFalse(renderPool.workerOf(home).inPool);
        vm.assertEq(earnedOf(home), earned);
        vm.expectRevert(
            abi.encodeWithSelector(IRenderMarket.TaskNotIn.selector, jobId, 0, IRenderMarket.TaskState.Refused)
        );
        prove(jobId, badCell(2));
    }

    function test_cells_that_the_key_opens_and_cells_of_other_trees_prove_nothing() public {
        bytes32 jobId = paidWithBadCell(2);
        for (uint32 cell; cell < CELLS; ++cell) {
            if (cell == 2) continue;
            IRenderMarket.BadCell memory good = badCell(cell);
            vm.expectRevert(abi.encodeWithSelector(IRenderMarket.KeyOpens.selector, cell));
            prove(jobId, good);
        }
        bytes memory refusal = abi.encodeWithSelector(IRenderMarket.CellProofWrong.selector, 2);
        IRenderMarket.BadCell memory bad = badCell(2);
        bad.resultHash = keccak256("other");
        vm.expectRevert(refusal);
        prove(jobId, bad);
        bad = badCell(2);
        bad.cipherBytes[0] ^= 0x01;
        vm.expectRevert(refusal);
        prove(jobId, bad);
        bad = badCell(2);
        (bad.cipherProof, bad.resultProof) = (new bytes32[](0), new bytes32[](0));
        vm.expectRevert(refusal);
        prove(jobId, bad);
    }

    function test_the_release_must_be_the_one_that_was_paid_and_recent() public {
        bytes32 jobId = paidWithBadCell(2);
        IRenderMarket.Release memory other = keyRelease();
        other.key = bytes32("other");
        IRenderMarket.BadCell memory bad = badCell(2);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0));
        renderMarket.proveBadKey(jobId, other, bad);
        uint256 until = block.timestamp + SILENCE;
        vm.warp(until + 1);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.SilenceOver.selector, until));
        prove(jobId, bad);
        vm.warp(until);
        prove(jobId, bad);
    }

    function testFuzz_any_changed_byte_of_any_cell_is_proven(uint32 cell, uint256 place, uint8 change) public {
        cell = uint32(bound(cell, 0, CELLS - 1));
        if (change == 0) change = 1;
        spoil(cell, place, bytes1(change));
        bytes32 jobId = paidWithBadCell(cell);
        IRenderMarket.BadCell memory bad = badCell(cell);
        renderMarket.proveBadKey(jobId, keyRelease(), bad);
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
    }

    function testFuzz_an_honest_key_is_never_proven_bad(uint32 cell, bytes32 key, uint256 length) public {
        cell = uint32(bound(cell, 0, CELLS - 1));
        lengthOfLast(1 + (length % 100));
        useKey(key);
        bytes32 jobId = paidWithBadCell(type(uint32).max);
        IRenderMarket.BadCell memory good = badCell(cell);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.KeyOpens.selector, cell));
        prove(jobId, good);
    }
}
