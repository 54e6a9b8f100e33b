// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../../src/interfaces/IRenderMarket.sol";
import {IRenderPanel} from "../../src/interfaces/IRenderPanel.sol";
import {IRenderPool} from "../../src/interfaces/IRenderPool.sol";
import {Wallet} from "../support/Base.sol";
import {RenderKeysFixture} from "../support/RenderKeysFixture.sol";

/// @notice The attacks of PROTOCOL 6: framing a home, copying its work, not doing it, and getting paid without it.
contract RenderAttacks is RenderKeysFixture {
    IRenderPanel.Vote private constant RIGHT = IRenderPanel.Vote.Right;
    IRenderPanel.Vote private constant WRONG = IRenderPanel.Vote.Wrong;

    // 6.1: who is drawn

    function test_6_1_a_customer_with_two_sybils_cannot_place_them_beside_a_victim() public {
        bytes32 jobId = post(1, 3);
        nextTurn();
        IRenderMarket.TaskView[] memory expected = drawAside(jobId);
        // Whatever he does once the seed is known changes nothing in this turn: Sybils join, others come and go, stake moves.
        addHome(5000e18);
        addHome(5000e18);
        stakeRender(owners[3].addr, 1000e18);
        vm.warp(block.timestamp + 1);
        takeWork(homes[3]);
        renderMarket.draw(jobId, 1);
        IRenderMarket.TaskView[] memory found = renderMarket.tasksOf(jobId, 0, 3);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(found[i].node, expected[i].node);
            vm.assertTrue(found[i].node != homes[HOMES].addr && found[i].node != homes[HOMES + 1].addr);
        }
    }

    function drawAside(bytes32 jobId) private returns (IRenderMarket.TaskView[] memory found) {
        uint256 id = vm.snapshotState();
        renderMarket.draw(jobId, 1);
        found = renderMarket.tasksOf(jobId, 0, 3);
        vm.revertToState(id);
    }

    function test_6_1_a_customer_who_dislikes_a_draw_cannot_take_it_back() public {
        bytes32 jobId = post(1, 2);
        nextTurn();
        IRenderMarket.TaskView[] memory expected = drawAside(jobId);
        vm.startPrank(customer.addr);
        renderMarket.cancel(jobId);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TasksOpen.selector, 1));
        renderMarket.close(jobId);
        vm.stopPrank();
        // Any of the drawn homes can still call the draw.
        vm.prank(expected[0].node);
        renderMarket.draw(jobId, 1);
        vm.assertEq(taskOf(jobId, 0).node, expected[0].node);
        vm.assertEq(taskOf(jobId, 1).node, expected[1].node);
    }

    function test_6_1_who_submits_or_splits_a_draw_changes_nothing_in_it() public {
        bytes32 jobId = post(3, 2);
        nextTurn();
        uint256 id = vm.snapshotState();
        renderMarket.draw(jobId, 3);
        IRenderMarket.TaskView[] memory together = renderMarket.tasksOf(jobId, 0, 6);
        vm.revertToState(id);
        vm.startPrank(homes[5].addr);
        renderMarket.draw(jobId, 1);
        renderMarket.draw(jobId, 2);
        vm.stopPrank();
        IRenderMarket.TaskView[] memory apart = renderMarket.tasksOf(jobId, 0, 6);
        for (uint256 i; i < 6; ++i) vm.assertEq(apart[i].node, together[i].node);
    }

    function test_6_1_who_fails_a_unit_cannot_know_who_is_drawn_after_it() public {
        bytes32 jobId = drawn(1, 2);
        vm.warp(renderMarket.unitsOf(jobId, 0, 1)[0].commitBy + 1);
        uint256 turn = block.timestamp / TURN;
        captureTurn(turn);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TooEarlyToDraw.selector, turn, turn + 1));
        renderMarket.redraw(jobId, listOf(0));
    }

    function test_6_1_many_keys_of_one_operator_weigh_what_his_stake_does() public {
        for (uint256 i; i < 9; ++i) {
            Wallet memory key = walletOf(50_000 + i);
            authorize(owners[0], key, 1);
            takeWork(key);
        }
        vm.warp(block.timestamp + 1);
        for (uint256 i; i < 9; ++i) takeWork(walletOf(50_000 + i));
        takeWork(homes[0]);
        uint256 sum = renderPool.workerOf(homes[0].addr).weight;
        for (uint256 i; i < 9; ++i) sum += renderPool.workerOf(walletOf(50_000 + i).addr).weight;
        vm.assertLe(sum, 100, "his hundred tokens");
    }

    // 6.2: commit, then reveal

    function test_6_2_a_result_cannot_be_copied_in_flight() public {
        bytes32 jobId = drawn(1, 2);
        Wallet memory thief = homeOf(taskOf(jobId, 1).node);
        commit(jobId, 0);
        // He sees the commitment and hands it in as his own: it opens for the other node only.
        uint256[] memory tasks = listOf(1);
        bytes32[] memory copied = new bytes32[](1);
        copied[0] = taskOf(jobId, 0).digest;
        renderMarket.commit(jobId, thief.addr, tasks, copied, signCommit(thief, jobId, tasks, copied));
        reveal(jobId, 0);
        IRenderMarket.Opening memory opening = openingOf(0);
        opening.task = 1;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 1));
        reveal(jobId, opening);
    }

    function test_6_2_nothing_is_shown_before_all_are_bound() public {
        bytes32 jobId = drawn(1, 3);
        commit(jobId, 0);
        commit(jobId, 1);
        uint256 commitBy = renderMarket.unitsOf(jobId, 0, 1)[0].commitBy;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.RevealNotOpen.selector, commitBy + 1));
        reveal(jobId, 0);
        // Who waits for the others to show theirs can commit no more.
        vm.warp(commitBy + 1);
        reveal(jobId, 0);
        Wallet memory late = homeOf(taskOf(jobId, 2).node);
        uint256[] memory tasks = listOf(2);
        bytes32[] memory commitments = new bytes32[](1);
        bytes memory signature = signCommit(late, jobId, tasks, commitments);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.CommitClosed.selector, commitBy));
        renderMarket.commit(jobId, late.addr, tasks, commitments, signature);
    }

    function test_6_2_stale_and_doubled_reveals_change_nothing() public {
        bytes32 jobId = drawn(1, 2);
        Wallet memory first = homeOf(taskOf(jobId, 0).node);
        commit(jobId, 0);
        vm.warp(renderMarket.unitsOf(jobId, 0, 1)[0].commitBy + 2 + REVEAL);
        nextTurn();
        renderMarket.redraw(jobId, listOf(0));
        vm.expectRevert(
            abi.encodeWithSelector(IRenderMarket.TaskNotIn.selector, jobId, 0, IRenderMarket.TaskState.Drawn)
        );
        reveal(jobId, 0);
        commit(jobId, 0);
        commit(jobId, 1);
        if (taskOf(jobId, 0).node != first.addr) {
            IRenderMarket.Opening memory stale = openingOf(0);
            stale.salt = keccak256("of the first");
            vm.expectRevert(abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0));
            reveal(jobId, stale);
        }
        reveal(jobId, 0);
        uint256 changed = taskOf(jobId, 0).changedAt;
        vm.warp(block.timestamp + 5);
        reveal(jobId, 0);
        vm.assertEq(taskOf(jobId, 0).changedAt, changed);
    }

    // 6.4: disputes

    function test_6_4_half_the_work_is_refused_struck_and_slashed_by_four() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        Wallet memory lazy = homeOf(taskOf(jobId, 0).node);
        votes(jobId, members, [WRONG, WRONG, WRONG, WRONG, RIGHT]);
        renderPanel.settle(jobId, 0);
        vm.assertEq(earnedOf(lazy.addr), 0);
        vm.assertEq(renderPool.workerOf(lazy.addr).strikes, 1);
        vm.assertEq(registry.provisionOf(ownerOf(lazy.addr).addr, address(renderMarket)), 99e18);
        releaseRefused(
            jobId,
            releaseOf(0),
            abi.encodeWithSelector(IRenderMarket.TaskNotIn.selector, jobId, 0, IRenderMarket.TaskState.Refused)
        );
    }

    function test_6_4_three_colluding_members_take_nothing_from_an_honest_home() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        address honest = taskOf(jobId, 0).node;
        votes(jobId, members, [WRONG, WRONG, WRONG, RIGHT, RIGHT]);
        renderPanel.settle(jobId, 0);
        vm.assertEq(registry.provisionOf(ownerOf(honest).addr, address(renderMarket)), 100e18);
        vm.assertEq(renderPool.workerOf(honest).strikes, 0);
    }

    function test_6_4_members_cannot_follow_each_other() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        vote(jobId, members[0], RIGHT);
        // The commitment holds the member: handed in by another it opens nothing.
        bytes32 copied = voteCommitment(jobId, 0, members[0], RIGHT, "salt");
        renderPanel.vote(jobId, 0, members[1], copied, signVote(homeOf(members[1]), jobId, 0, copied));
        vm.warp(renderPanel.panelOf(jobId, 0).voteBy + 1);
        renderPanel.revealVote(jobId, 0, members[0], RIGHT, "salt");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.OpeningWrong.selector, members[1]));
        renderPanel.revealVote(jobId, 0, members[1], RIGHT, "salt");
    }

    function test_6_4_slashing_farms_nothing_for_customer_panel_or_replica() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        uint256 supply = token.totalSupply();
        votes(jobId, members, [WRONG, WRONG, WRONG, WRONG, WRONG]);
        renderPanel.settle(jobId, 0);
        // The slashed token is gone; all that anybody got is what the customer paid.
        vm.assertEq(supply - token.totalSupply(), 1e18);
        vm.assertLe(token.balanceOf(customer.addr), 1e24 - UNIT_PRICE, "the customer gained nothing");
        vm.assertEq(earnedOf(taskOf(jobId, 1).node), 0);
        uint256 got;
        for (uint256 i; i < 5; ++i) got += earnedOf(members[i]);
        vm.assertLe(got, 25e16, "the panel got its fee, whoever wins");
    }

    function test_6_4_a_word_of_concession_counts_for_one_dispute_only() public {
        bytes32 jobId = revealed(2);
        Wallet memory home = homeOf(taskOf(jobId, 0).node);
        bytes memory old = signConcede(home, jobId, 0, block.timestamp);
        vm.warp(block.timestamp + 1);
        reject(jobId, 0);
        vm.expectRevert();
        renderPanel.concede(jobId, 0, old);
    }

    // 6.5: preview and key

    function test_6_5_a_key_that_does_not_open_the_ciphertext_is_a_provable_fault() public {
        bytes32 jobId = paidWithBadCell(4);
        prove(jobId, badCell(4));
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        vm.assertEq(renderPool.workerOf(taskOf(jobId, 0).node).strikes, 1);
    }

    function test_6_5_an_honest_home_cannot_be_shown_another_cells_bytes() public {
        bytes32 jobId = paidWithBadCell(type(uint32).max);
        IRenderMarket.BadCell memory mixed = badCell(1);
        IRenderMarket.BadCell memory other = badCell(3);
        (mixed.resultHash, mixed.resultProof) = (other.resultHash, other.resultProof);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.CellProofWrong.selector, 1));
        prove(jobId, mixed);
        mixed = badCell(1);
        mixed.cell = 3;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.CellProofWrong.selector, 3));
        prove(jobId, mixed);
    }

    function test_6_5_a_silent_customer_pays_and_a_picture_without_its_key_is_not_paid() public {
        bytes32 jobId = revealed(2);
        vm.warp(block.timestamp + SILENCE);
        IRenderMarket.Release memory withheld = releaseOf(0);
        withheld.key = 0;
        releaseRefused(jobId, withheld, abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0));
        release(jobId, 0);
        vm.assertEq(earnedOf(taskOf(jobId, 0).node), afterBurn(UNIT_PRICE));
    }

    function test_6_5_rejecting_without_reason_costs_the_bond() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        votes(jobId, members, [RIGHT, RIGHT, RIGHT, RIGHT, RIGHT]);
        renderPanel.settle(jobId, 0);
        release(jobId, 0);
        vm.assertEq(token.balanceOf(customer.addr), 1e24 - 2 * uint256(UNIT_PRICE) - 25e16);
        vm.assertEq(earnedOf(taskOf(jobId, 0).node), afterBurn(UNIT_PRICE));
    }

    // 6.6: without provision

    function test_6_6_a_home_without_provision_never_holds_two_tasks() public {
        uint256 poor = addHome(0);
        nextTurn();
        nextTurn();
        bytes32 jobId = drawn(20, 2);
        IRenderMarket.TaskView[] memory tasks = renderMarket.tasksOf(jobId, 0, 40);
        uint256 held;
        for (uint256 i; i < 40; ++i) if (tasks[i].node == homes[poor].addr) ++held;
        vm.assertLe(held, 1, "one open task");
    }

    function test_6_6_a_new_home_is_never_the_only_one_to_render_a_unit() public {
        bytes32 jobId = post(1, 1);
        nextTurn();
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NobodyFree.selector, jobId, 0));
        renderMarket.draw(jobId, 1);
    }

    function test_6_6_standing_lost_by_a_strike_does_not_come_back_with_the_pool() public {
        nextTurn();
        experience(homes[0].addr, 20);
        vm.prank(address(renderMarket));
        renderPool.strike(homes[0].addr);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        vm.assertEq(renderPool.workerOf(homes[0].addr).acceptedUnits, 0);
    }

    // 2.4: paying oneself

    function test_2_4_rendering_for_oneself_pays_less_than_it_costs() public {
        bytes32 jobId = revealed(2);
        for (uint256 task; task < 2; ++task) {
            accept(jobId, task);
            release(jobId, task);
        }
        vm.warp(block.timestamp + EPOCH);
        uint256 back;
        for (uint256 task; task < 2; ++task) back += earnedOf(taskOf(jobId, task).node);
        vm.assertTrue(back < 2 * uint256(UNIT_PRICE));
    }

    // 3.2: unbonding

    function test_3_2_stake_does_not_leave_between_draw_and_verdict() public {
        (bytes32 jobId, ) = panelDrawn(2);
        address owner = ownerOf(taskOf(jobId, 0).node).addr;
        vm.prank(owner);
        vm.expectRevert();
        registry.unstake(owner, address(renderMarket), 1e6, 1, minutesAhead(24), "");
    }
}
