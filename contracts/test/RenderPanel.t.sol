// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../src/interfaces/IRenderMarket.sol";
import {IRenderPanel} from "../src/interfaces/IRenderPanel.sol";
import {RenderFixture, Wallet} from "./support/RenderFixture.sol";

contract RenderPanelTest is RenderFixture {
    IRenderPanel.Vote private constant NONE = IRenderPanel.Vote.None;
    IRenderPanel.Vote private constant RIGHT = IRenderPanel.Vote.Right;
    IRenderPanel.Vote private constant WRONG = IRenderPanel.Vote.Wrong;
    IRenderPanel.Vote private constant NEITHER = IRenderPanel.Vote.Neither;
    uint256 private constant BOND = 25e16;

    function balance() private view returns (uint256) {
        return token.balanceOf(customer.addr);
    }

    // Rejecting

    function test_a_rejection_costs_a_quarter_of_the_price_and_names_cells() public {
        bytes32 jobId = revealed(2);
        uint256 before = balance();
        address home = taskOf(jobId, 0).node;
        uint32[] memory cells = new uint32[](1);
        cells[0] = 7;
        vm.expectEmit();
        emit IRenderMarket.TaskRejected(jobId, home, 0, cells, BOND);
        vm.prank(customer.addr);
        renderMarket.reject(jobId, 0, cells);
        vm.assertEq(balance(), before - BOND);
        assertState(jobId, 0, IRenderMarket.TaskState.Disputed);
        releaseRefused(
            jobId,
            releaseOf(0),
            abi.encodeWithSelector(IRenderMarket.TaskNotIn.selector, jobId, 0, IRenderMarket.TaskState.Disputed)
        );
        vm.assertEq(renderPanel.panelOf(jobId, 0).firstTurn, block.timestamp / TURN + 1);
        vm.assertEq(renderPanel.panelOf(jobId, 1).firstTurn, 0);
        vm.assertEq(renderPanel.panelOf(jobId, 99).firstTurn, 0);
    }

    function test_only_the_panel_concludes() public {
        bytes32 jobId = revealed(2);
        reject(jobId, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotRenderPanel.selector, address(this)));
        renderMarket.conclude(jobId, 0, IRenderMarket.Verdict.Wrong, new address[](0));
    }

    // Drawing

    function test_five_strangers_are_drawn_in_a_later_turn() public {
        bytes32 jobId = revealed(3);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.NotDisputed.selector, jobId, 0));
        renderPanel.draw(jobId, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.NotDisputed.selector, jobId, 9));
        renderPanel.draw(jobId, 9);
        reject(jobId, 1);
        uint256 turn = block.timestamp / TURN;
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.TooEarlyToDraw.selector, turn, turn + 1));
        renderPanel.draw(jobId, 1);
        vm.warp((turn + 1) * TURN);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.SeedMissing.selector, (turn + 1) * 3));
        renderPanel.draw(jobId, 1);
        captureTurn(turn + 1);
        for (uint256 i; i < HOMES; ++i) takeWork(homes[i]);
        renderPanel.draw(jobId, 1);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.PanelDrawnAlready.selector, jobId, 1));
        renderPanel.draw(jobId, 1);
        IRenderPanel.PanelView memory panel = renderPanel.panelOf(jobId, 1);
        vm.assertEq(panel.voteBy, block.timestamp + COMMIT + REVEAL);
        vm.assertEq(panel.revealBy, panel.voteBy + REVEAL);
        vm.assertEq(panel.members.length, 5);
        for (uint256 i; i < 5; ++i) {
            for (uint256 task; task < 3; ++task) vm.assertTrue(panel.members[i] != taskOf(jobId, task).node);
            for (uint256 j; j < i; ++j) vm.assertTrue(panel.members[i] != panel.members[j]);
        }
    }

    function test_a_panel_of_fewer_than_five_is_none_and_the_dispute_ends_undecided() public {
        bytes32 jobId = revealed(3);
        reject(jobId, 0);
        uint256 until = block.timestamp + SILENCE;
        for (uint256 i; i < 2; ++i) {
            for (uint256 j; j < HOMES; ++j) {
                address home = homes[j].addr;
                bool busy = renderPool.workerOf(home).openTasks != 0 || !renderPool.workerOf(home).inPool;
                if (busy) continue;
                renderPool.stopWork(home, signStop(homes[j], renderPool.workerOf(home).until));
                break;
            }
        }
        nextTurn();
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.TooFewNodes.selector, 4));
        renderPanel.draw(jobId, 0);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.StillVoting.selector, until));
        renderPanel.settle(jobId, 0);
        vm.warp(until + 1);
        renderPanel.settle(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        vm.assertEq(balance(), 1e24 - 2 * UNIT_PRICE);
        vm.assertEq(renderPool.workerOf(taskOf(jobId, 0).node).strikes, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.NotDisputed.selector, jobId, 0));
        renderPanel.settle(jobId, 0);
    }

    // Voting

    function test_a_vote_is_committed_once_by_a_member_in_time() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        bytes32 commitment = keccak256("commitment");
        bytes memory signature = signVote(homeOf(members[0]), jobId, 0, commitment);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.PanelNotDrawn.selector, jobId, 1));
        renderPanel.vote(jobId, 1, members[0], commitment, signature);
        address stranger = taskOf(jobId, 0).node;
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.NotMember.selector, stranger));
        renderPanel.vote(jobId, 0, stranger, commitment, signature);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.VoteSignatureInvalid.selector, members[0], address(0)));
        renderPanel.vote(jobId, 0, members[0], commitment, "");
        vm.expectRevert();
        renderPanel.vote(jobId, 0, members[1], commitment, signature);
        renderPanel.vote(jobId, 0, members[0], commitment, signature);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.VotedAlready.selector, members[0]));
        renderPanel.vote(jobId, 0, members[0], commitment, signature);
        uint256 voteBy = renderPanel.panelOf(jobId, 0).voteBy;
        signature = signVote(homeOf(members[1]), jobId, 0, commitment);
        vm.warp(voteBy + 1);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.VoteClosed.selector, voteBy));
        renderPanel.vote(jobId, 0, members[1], commitment, signature);
        vm.warp(voteBy);
        renderPanel.vote(jobId, 0, members[1], commitment, signature);
    }

    function test_a_vote_is_opened_once_as_committed_and_in_time() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        vote(jobId, members[0], RIGHT);
        IRenderPanel.PanelView memory panel = renderPanel.panelOf(jobId, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.PanelNotDrawn.selector, jobId, 1));
        renderPanel.revealVote(jobId, 1, members[0], RIGHT, "salt");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.RevealNotOpen.selector, panel.voteBy));
        renderPanel.revealVote(jobId, 0, members[0], RIGHT, "salt");
        vm.warp(panel.voteBy + 1);
        vm.expectRevert(IRenderPanel.VoteInvalid.selector);
        renderPanel.revealVote(jobId, 0, members[0], NONE, "salt");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.OpeningWrong.selector, members[0]));
        renderPanel.revealVote(jobId, 0, members[0], WRONG, "salt");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.OpeningWrong.selector, members[0]));
        renderPanel.revealVote(jobId, 0, members[0], RIGHT, "pepper");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.OpeningWrong.selector, members[1]));
        renderPanel.revealVote(jobId, 0, members[1], RIGHT, "salt");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.NotMember.selector, operator.addr));
        renderPanel.revealVote(jobId, 0, operator.addr, RIGHT, "salt");
        renderPanel.revealVote(jobId, 0, members[0], RIGHT, "salt");
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.OpeningWrong.selector, members[0]));
        renderPanel.revealVote(jobId, 0, members[0], RIGHT, "salt");
        vm.assertEq(uint256(renderPanel.panelOf(jobId, 0).votes[0]), uint256(RIGHT));
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.StillVoting.selector, panel.revealBy));
        renderPanel.settle(jobId, 0);
        vm.warp(panel.revealBy + 1);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.RevealClosed.selector, panel.revealBy));
        renderPanel.revealVote(jobId, 0, members[1], RIGHT, "salt");
    }

    // Verdicts

    function assertPaid(address[] memory members, bool[5] memory paid) private view {
        for (uint256 i; i < 5; ++i) {
            vm.assertEq(earnedOf(members[i]), paid[i] ? afterBurn(BOND / 5) : 0);
        }
    }

    function test_four_who_find_it_right_get_the_home_paid_and_the_bond() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        votes(jobId, members, [RIGHT, RIGHT, WRONG, RIGHT, RIGHT]);
        renderPanel.settle(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Accepted);
        assertPaid(members, [true, true, false, true, true]);
        vm.assertEq(balance(), 1e24 - 2 * uint256(UNIT_PRICE) - (BOND / 5) * 4);
        release(jobId, 0);
        address home = taskOf(jobId, 0).node;
        vm.assertEq(earnedOf(home), afterBurn(UNIT_PRICE));
        vm.assertEq(renderPool.workerOf(home).strikes, 0);
        vm.assertEq(renderPanel.panelOf(jobId, 0).members.length, 0);
    }

    function test_four_who_find_it_wrong_cost_the_home_its_pay_a_strike_and_a_hundredth() public {
        for (uint256 i; i < HOMES; ++i) stakeRender(owners[i].addr, 100e18);
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        address home = taskOf(jobId, 0).node;
        votes(jobId, members, [WRONG, WRONG, WRONG, NONE, WRONG]);
        vm.warp(renderPanel.panelOf(jobId, 0).revealBy + 1);
        renderPanel.settle(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        assertPaid(members, [true, true, true, false, true]);
        // The customer has back the bond and the price but for what the panel got of it.
        vm.assertEq(balance(), 1e24 - uint256(UNIT_PRICE) - (BOND / 5) * 4);
        vm.assertEq(registry.provisionOf(ownerOf(home).addr, address(renderMarket)), 99e18);
        vm.assertEq(renderPool.workerOf(home).strikes, 1);
        vm.assertEq(registry.stakeOf(ownerOf(home).addr, address(renderMarket)).openWork, 0);
        vm.assertEq(renderMarket.jobOf(jobId).openTasks, 1);
        vm.assertEq(renderMarket.jobOf(jobId).escrowWei, UNIT_PRICE);
    }

    function test_three_against_two_decide_nothing_but_all_voters_are_paid() public {
        for (uint256 i; i < HOMES; ++i) stakeRender(owners[i].addr, 100e18);
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        address home = taskOf(jobId, 0).node;
        votes(jobId, members, [WRONG, WRONG, NEITHER, WRONG, RIGHT]);
        renderPanel.settle(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        assertPaid(members, [true, true, true, true, true]);
        vm.assertEq(registry.provisionOf(ownerOf(home).addr, address(renderMarket)), 100e18);
        vm.assertEq(renderPool.workerOf(home).strikes, 0);
        vm.assertTrue(renderPool.workerOf(home).inPool);
    }

    function test_a_panel_that_says_nothing_costs_only_time() public {
        (bytes32 jobId, address[] memory members) = panelDrawn(2);
        vm.warp(renderPanel.panelOf(jobId, 0).revealBy + 1);
        renderPanel.settle(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        assertPaid(members, [false, false, false, false, false]);
        vm.assertEq(balance(), 1e24 - uint256(UNIT_PRICE));
    }

    function test_a_home_may_take_its_result_back_before_the_panel_is_drawn() public {
        bytes32 jobId = revealed(2);
        Wallet memory home = homeOf(taskOf(jobId, 0).node);
        bytes memory early = signConcede(home, jobId, 0, block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.NotDisputed.selector, jobId, 0));
        renderPanel.concede(jobId, 0, early);
        reject(jobId, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.VoteSignatureInvalid.selector, home.addr, address(0)));
        renderPanel.concede(jobId, 0, "");
        renderPanel.concede(jobId, 0, early);
        assertState(jobId, 0, IRenderMarket.TaskState.Refused);
        vm.assertEq(balance(), 1e24 - uint256(UNIT_PRICE));
        vm.assertEq(renderPool.workerOf(home.addr).strikes, 1);
        (jobId, ) = panelDrawn(2);
        home = homeOf(taskOf(jobId, 0).node);
        bytes memory late = signConcede(home, jobId, 0, taskOf(jobId, 0).changedAt);
        vm.expectRevert(abi.encodeWithSelector(IRenderPanel.PanelDrawnAlready.selector, jobId, 0));
        renderPanel.concede(jobId, 0, late);
    }

    function test_a_refused_unit_is_drawn_anew_once_its_pay_is_there_again() public {
        bytes32 jobId = revealed(2);
        reject(jobId, 0);
        reject(jobId, 1);
        for (uint256 task; task < 2; ++task) {
            Wallet memory home = homeOf(taskOf(jobId, task).node);
            renderPanel.concede(jobId, task, signConcede(home, jobId, task, block.timestamp));
        }
        nextTurn();
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.EscrowTooSmall.selector, 0, 2 * UNIT_PRICE));
        renderMarket.redraw(jobId, listOf(0));
        vm.prank(customer.addr);
        renderMarket.topUp(jobId, 2 * UNIT_PRICE);
        renderMarket.redraw(jobId, listOf(0));
        commit(jobId, 0);
        commit(jobId, 1);
        reveal(jobId, 0);
        reject(jobId, 0);
        nextTurn();
        for (uint256 i; i < HOMES; ++i) if (!renderPool.workerOf(homes[i].addr).inPool) takeWork(homes[i]);
        nextTurn();
        renderPanel.draw(jobId, 0);
        vm.assertEq(renderPanel.panelOf(jobId, 0).members.length, 5);
    }

    function testFuzz_a_dispute_gives_back_or_pays_out_every_wei(uint8[5] memory cast, uint96 price) public {
        IRenderMarket.JobTerms memory terms = termsOf(1, 2);
        terms.pricePerUnitWei = uint96(bound(price, 1, 1e22));
        bytes32 jobId = post(terms);
        nextTurn();
        renderMarket.draw(jobId, 1);
        for (uint256 task; task < 2; ++task) commit(jobId, task);
        for (uint256 task; task < 2; ++task) reveal(jobId, task);
        reject(jobId, 0);
        nextTurn();
        renderPanel.draw(jobId, 0);
        address[] memory members = renderPanel.panelOf(jobId, 0).members;
        IRenderPanel.Vote[5] memory chosen;
        uint256[4] memory counts;
        for (uint256 i; i < 5; ++i) {
            chosen[i] = IRenderPanel.Vote(cast[i] % 4);
            ++counts[cast[i] % 4];
        }
        votes(jobId, members, chosen);
        vm.warp(renderPanel.panelOf(jobId, 0).revealBy + 1);
        renderPanel.settle(jobId, 0);
        uint256 held = token.balanceOf(address(payments));
        uint256 paid;
        for (uint256 i; i < 5; ++i) {
            paid += payments.earningsOf(ownerOf(members[i]).addr).earnedWei;
            paid += payments.earningsOf(ownerOf(members[i]).addr).feeBurnedWei;
        }
        uint256 share = renderMarket.bondOf(jobId) / 5;
        uint256 voters = 5 - counts[0];
        if (counts[1] >= 4) voters = counts[1];
        if (counts[2] >= 4) voters = counts[2];
        vm.assertEq(paid, share * voters);
        bool right = counts[1] >= 4;
        vm.assertEq(renderMarket.jobOf(jobId).escrowWei, uint256(terms.pricePerUnitWei) * (right ? 2 : 1));
        vm.assertEq(held, renderMarket.jobOf(jobId).escrowWei + paid);
        vm.assertEq(balance() + held, 1e24);
    }
}
