// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../src/interfaces/IRenderMarket.sol";
import {IRenderPanel} from "../src/interfaces/IRenderPanel.sol";
import {IRenderPool} from "../src/interfaces/IRenderPool.sol";
import {RenderFixture, Wallet} from "./support/RenderFixture.sol";

/// @dev Random values for what the other suites of rendering try with chosen ones.
contract RenderFuzzTest is RenderFixture {
    function testFuzz_terms_are_taken_or_refused_by_their_bounds_alone(IRenderMarket.JobTerms memory terms) public {
        terms.unitCount = uint32(bound(terms.unitCount, 0, 3));
        terms.replicas = uint8(bound(terms.replicas, 0, 5));
        terms.tier = uint8(bound(terms.tier, 0, 5));
        terms.pricePerUnitWei = uint96(bound(terms.pricePerUnitWei, 0, 1e20));
        bool fine = terms.unitCount != 0 && terms.replicas >= 1 && terms.replicas <= 3 && terms.tier <= 3;
        fine = fine && terms.pricePerUnitWei != 0 && terms.commitSeconds >= 1 && terms.commitSeconds <= 7 days;
        if (!fine) vm.expectRevert(IRenderMarket.TermsInvalid.selector);
        vm.prank(customer.addr);
        bytes32 jobId = renderMarket.postJob(terms);
        if (!fine) return;
        vm.assertEq(keccak256(abi.encode(renderMarket.jobOf(jobId).terms)), keccak256(abi.encode(terms)));
    }

    function testFuzz_homes_come_and_go_in_any_order_and_weights_follow(uint256 seed) public {
        uint256 present = HOMES;
        // Kept apart: the compiler reads the clock once where the test moves it often.
        uint256 time = block.timestamp;
        for (uint256 step; step < 30; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            Wallet memory home = homes[(seed >> 8) % HOMES];
            IRenderPool.WorkerView memory worker = renderPool.workerOf(home.addr);
            time += 1 + ((seed >> 32) % 20);
            vm.warp(time);
            if (!worker.inPool) ++present;
            if (seed % 4 == 0 || !worker.inPool) {
                uint64 until = uint64(time + SILENCE);
                renderPool.takeWork(home.addr, CLASS, 8, until, signTake(home, CLASS, 8, until));
                continue;
            }
            if (seed % 4 == 1) renderPool.stopWork(home.addr, signStop(home, worker.until));
            if (seed % 4 == 2) {
                if (time <= worker.until) time = worker.until + 1;
                vm.warp(time);
                address[] memory nodes = new address[](1);
                nodes[0] = home.addr;
                renderPool.evict(nodes);
            }
            if (seed % 4 == 3) {
                vm.prank(address(renderMarket));
                renderPool.strike(home.addr);
            }
            --present;
        }
        vm.warp(time + TURN);
        vm.assertEq(renderPool.weightOf(CLASS, 0), present);
        uint256 counted;
        for (uint256 i; i < HOMES; ++i) if (renderPool.workerOf(homes[i].addr).inPool) ++counted;
        vm.assertEq(counted, present);
    }

    function testFuzz_a_drawn_batch_holds_every_operator_at_most_once_a_unit(uint8 units, uint8 replicas) public {
        for (uint256 i; i < HOMES; ++i) stakeRender(owners[i].addr, 1000e18);
        bytes32 jobId = post(uint32(bound(units, 1, 8)), uint8(bound(replicas, 2, 3)));
        nextTurn();
        nextTurn();
        renderMarket.draw(jobId, type(uint256).max);
        IRenderMarket.JobView memory job = renderMarket.jobOf(jobId);
        vm.assertEq(job.drawnUnits, job.terms.unitCount);
        vm.assertEq(job.openTasks, uint256(job.terms.unitCount) * job.terms.replicas);
        IRenderMarket.TaskView[] memory tasks = renderMarket.tasksOf(jobId, 0, 100);
        for (uint256 i; i < tasks.length; ++i) {
            for (uint256 j = i - (i % job.terms.replicas); j < i; ++j) vm.assertTrue(tasks[i].node != tasks[j].node);
        }
    }

    function testFuzz_commitments_bind_job_unit_and_node(bytes32 commitment, bytes32 otherJob, uint8 otherTask) public {
        bytes32 jobId = drawn(2, 2);
        Wallet memory home = homeOf(taskOf(jobId, 0).node);
        uint256[] memory tasks = listOf(0);
        bytes32[] memory commitments = new bytes32[](1);
        commitments[0] = commitment;
        bytes memory signature = signCommit(home, jobId, tasks, commitments);
        vm.assume(otherJob != jobId && otherTask != 0);
        vm.expectRevert();
        renderMarket.commit(otherJob, home.addr, tasks, commitments, signature);
        vm.expectRevert();
        renderMarket.commit(jobId, home.addr, listOf(otherTask), commitments, signature);
        renderMarket.commit(jobId, home.addr, tasks, commitments, signature);
        vm.assertEq(taskOf(jobId, 0).digest, commitment);
    }

    function testFuzz_a_result_of_any_content_goes_its_way(bytes32[4] memory words, bool byWord) public {
        bytes32 jobId = drawn(1, 2);
        bytes32 keyHash = keccak256(abi.encode(words[3]));
        commit(jobId, 0, IRenderMarket.Opening(0, words[0], words[1], words[2], keyHash));
        commit(jobId, 1);
        IRenderMarket.Opening[] memory openings = new IRenderMarket.Opening[](2);
        openings[0] = IRenderMarket.Opening(0, words[0], words[1], words[2], keyHash);
        openings[1] = openingOf(1);
        renderMarket.reveal(jobId, openings);
        vm.prank(customer.addr);
        if (byWord) renderMarket.accept(jobId, listOf(0));
        else vm.warp(block.timestamp + SILENCE);
        vm.stopPrank();
        IRenderMarket.Release[] memory releases = new IRenderMarket.Release[](1);
        releases[0] = IRenderMarket.Release(0, words[1], words[2], words[3]);
        renderMarket.release(jobId, taskOf(jobId, 0).node, releases);
        vm.assertEq(earnedOf(taskOf(jobId, 0).node), afterBurn(UNIT_PRICE));
    }

    function testFuzz_failed_units_are_drawn_anew_only_with_their_pay_in_escrow(
        uint256 amount,
        bool refusedToo
    ) public {
        bytes32 jobId = revealed(2);
        amount = bound(amount, 0, 3 * uint256(UNIT_PRICE));
        uint32[] memory cells = new uint32[](0);
        vm.prank(customer.addr);
        renderMarket.reject(jobId, 0, cells);
        Wallet memory home = homeOf(taskOf(jobId, 0).node);
        if (refusedToo) {
            bytes memory signature = signConcede(home, jobId, 0, block.timestamp);
            renderPanel.concede(jobId, 0, signature);
        } else {
            vm.warp(block.timestamp + SILENCE + 1);
            renderPanel.settle(jobId, 0);
        }
        vm.warp(block.timestamp + 2 * SILENCE + 1);
        renderMarket.miss(jobId, listOf(1));
        if (amount != 0) {
            vm.prank(customer.addr);
            renderMarket.topUp(jobId, amount);
        }
        for (uint256 i; i < HOMES; ++i) takeWork(homes[i]);
        vm.warp(block.timestamp + TURN);
        nextTurn();
        uint256 held = UNIT_PRICE + amount;
        bool enough = held >= 2 * uint256(UNIT_PRICE);
        if (!enough) {
            vm.expectRevert(abi.encodeWithSelector(IRenderMarket.EscrowTooSmall.selector, held, 2 * UNIT_PRICE));
        }
        renderMarket.redraw(jobId, listOf(0));
    }

    function testFuzz_a_verdict_never_moves_more_than_bond_and_price(uint8 verdict, uint8 count) public {
        bytes32 jobId = revealed(2);
        reject(jobId, 0);
        address[] memory paid = new address[](bound(count, 0, 5));
        for (uint256 i; i < paid.length; ++i) paid[i] = homes[i].addr;
        IRenderMarket.Verdict decided = IRenderMarket.Verdict(verdict % 4);
        vm.prank(address(renderPanel));
        renderMarket.conclude(jobId, 0, decided, paid);
        uint256 bond = renderMarket.bondOf(jobId);
        uint256 fees = (bond / 5) * paid.length;
        uint256 escrow = decided == IRenderMarket.Verdict.Right ? 2 * uint256(UNIT_PRICE) : UNIT_PRICE;
        vm.assertEq(renderMarket.jobOf(jobId).escrowWei, escrow);
        vm.assertEq(token.balanceOf(customer.addr), 1e24 - escrow - fees);
    }

    function testFuzz_a_panel_counts_what_was_committed(uint8[5] memory cast, bytes32 salt, bytes32 otherSalt) public {
        vm.assume(salt != otherSalt);
        bytes32 jobId = revealed(2);
        reject(jobId, 0);
        nextTurn();
        renderPanel.draw(jobId, 0);
        IRenderPanel.PanelView memory panel = renderPanel.panelOf(jobId, 0);
        for (uint256 i; i < 5; ++i) {
            IRenderPanel.Vote chosen = IRenderPanel.Vote(1 + (cast[i] % 3));
            bytes32 commitment = voteCommitment(jobId, 0, panel.members[i], chosen, salt);
            bytes memory signature = signVote(homeOf(panel.members[i]), jobId, 0, commitment);
            renderPanel.vote(jobId, 0, panel.members[i], commitment, signature);
        }
        vm.warp(panel.voteBy + 1);
        for (uint256 i; i < 5; ++i) {
            IRenderPanel.Vote chosen = IRenderPanel.Vote(1 + (cast[i] % 3));
            vm.expectRevert(abi.encodeWithSelector(IRenderPanel.OpeningWrong.selector, panel.members[i]));
            renderPanel.revealVote(jobId, 0, panel.members[i], chosen, otherSalt);
            renderPanel.revealVote(jobId, 0, panel.members[i], chosen, salt);
        }
        renderPanel.settle(jobId, 0);
        assertVerdict(jobId, cast);
    }

    function assertVerdict(bytes32 jobId, uint8[5] memory cast) private view {
        uint256[3] memory counts;
        for (uint256 i; i < 5; ++i) ++counts[cast[i] % 3];
        IRenderMarket.TaskState state =
            counts[0] >= 4 ? IRenderMarket.TaskState.Accepted : IRenderMarket.TaskState.Refused;
        assertState(jobId, 0, state);
        vm.assertEq(renderPool.workerOf(taskOf(jobId, 0).node).strikes, counts[1] >= 4 ? 1 : 0);
    }

    function testFuzz_a_draw_is_booked_and_ended_by_the_market_alone(address caller, uint8 outcome) public {
        vm.assume(caller != address(renderMarket));
        nextTurn();
        IRenderPool.Request memory request = IRenderPool.Request(seedOfTurn(), "key", CLASS, 0, 2, 5);
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.NotRenderMarket.selector, caller));
        renderPool.draw(request);
        vm.prank(address(renderMarket));
        IRenderPool.Drawn[] memory found = renderPool.draw(request);
        IRenderPool.Outcome ended = IRenderPool.Outcome(outcome % 4);
        vm.prank(address(renderMarket));
        vm.assertTrue(renderPool.finish(found[0].node, found[0].operator, ended, 5, 1, 1));
        IRenderPool.WorkerView memory worker = renderPool.workerOf(found[0].node);
        vm.assertEq(worker.inPool ? 1 : 0, outcome % 4 == 0 || outcome % 4 == 3 ? 1 : 0);
        vm.assertEq(worker.acceptedUnits, outcome % 4 == 0 ? 1 : 0);
    }

    function testFuzz_only_the_customer_ends_his_job(address caller, bool posted) public {
        vm.assume(caller != customer.addr && caller != address(0));
        bytes32 jobId = posted ? post(1, 2) : bytes32(uint256(1));
        bytes memory refusal = abi.encodeWithSelector(IRenderMarket.NotCustomer.selector, jobId, caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        renderMarket.cancel(jobId);
        vm.expectRevert(refusal);
        renderMarket.close(jobId);
        vm.stopPrank();
    }
}
