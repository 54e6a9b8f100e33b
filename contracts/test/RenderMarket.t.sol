// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IRenderMarket} from "../src/interfaces/IRenderMarket.sol";
import {IRenderPool} from "../src/interfaces/IRenderPool.sol";
import {RenderFixture, Wallet} from "./support/RenderFixture.sol";

contract RenderMarketTest is RenderFixture {
    function escrowOf(bytes32 jobId) private view returns (uint256) {
        return renderMarket.jobOf(jobId).escrowWei;
    }

    // Posting

    function test_a_posted_job_can_be_read_and_is_paid_in_advance() public {
        bytes32 jobId = post(4, 3);
        IRenderMarket.JobView memory job = renderMarket.jobOf(jobId);
        vm.assertEq(job.jobId, renderMarket.jobIdOf(customer.addr, 0));
        vm.assertEq(job.customer, customer.addr);
        vm.assertEq(keccak256(abi.encode(job.terms)), keccak256(abi.encode(termsOf(4, 3))));
        vm.assertEq(job.firstTurn, block.timestamp / TURN + 1);
        vm.assertEq(job.escrowWei, 12e18);
        vm.assertEq(job.drawnUnits + job.openTasks + job.endTurn, 0);
        post(1, 1);
        vm.assertEq(renderMarket.jobCount(), 2);
        vm.assertEq(renderMarket.jobCountOf(customer.addr), 2);
        bytes32[] memory ids = renderMarket.jobIds(0, 10);
        vm.assertEq(ids.length, 2);
        vm.assertEq(ids[0], jobId);
        vm.assertEq(renderMarket.jobIds(1, 1)[0], renderMarket.jobIdOf(customer.addr, 1));
        vm.assertEq(renderMarket.jobIds(2, 1).length, 0);
        vm.assertEq(renderMarket.bondOf(jobId), 25e16);
    }

    function refused(IRenderMarket.JobTerms memory terms) private {
        vm.expectRevert(IRenderMarket.TermsInvalid.selector);
        post(terms);
    }

    function test_posting_refuses_terms_that_make_no_sense() public {
        IRenderMarket.JobTerms memory terms = termsOf(0, 1);
        refused(terms);
        refused(termsOf(1, 0));
        refused(termsOf(1, 4));
        terms = termsOf(1, 1);
        terms.tier = 4;
        refused(terms);
        terms = termsOf(1, 1);
        terms.commitSeconds = 0;
        refused(terms);
        terms.commitSeconds = 7 days + 1;
        refused(terms);
        terms.commitSeconds = 7 days;
        post(terms);
        terms.pricePerUnitWei = 0;
        refused(terms);
    }

    function test_posting_stops_with_new_work() public {
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        vm.expectRevert(IRenderMarket.NewWorkStopped.selector);
        post(1, 1);
    }

    function test_unknown_jobs_are_refused_everywhere() public {
        bytes32 nothing = keccak256("nothing");
        bytes memory refusal = abi.encodeWithSelector(IRenderMarket.JobUnknown.selector, nothing);
        vm.expectRevert(refusal);
        renderMarket.jobOf(nothing);
        vm.expectRevert(refusal);
        renderMarket.draw(nothing, 1);
        vm.expectRevert(refusal);
        renderMarket.redraw(nothing, listOf(0));
        vm.expectRevert(refusal);
        renderMarket.miss(nothing, listOf(0));
        vm.expectRevert(refusal);
        renderMarket.topUp(nothing, 1);
        vm.expectRevert(refusal);
        renderMarket.reveal(nothing, new IRenderMarket.Opening[](0));
        vm.expectRevert(refusal);
        renderMarket.release(nothing, homes[0].addr, new IRenderMarket.Release[](0));
        vm.expectRevert(refusal);
        renderMarket.bondOf(nothing);
        bytes memory signature = signCommit(homes[0], nothing, new uint256[](0), new bytes32[](0));
        vm.expectRevert(refusal);
        renderMarket.commit(nothing, homes[0].addr, new uint256[](0), new bytes32[](0), signature);
    }

    function test_only_the_customer_accepts_rejects_cancels_and_closes() public {
        bytes32 jobId = post(1, 1);
        bytes memory refusal = abi.encodeWithSelector(IRenderMarket.NotCustomer.selector, jobId, address(this));
        vm.expectRevert(refusal);
        renderMarket.accept(jobId, listOf(0));
        vm.expectRevert(refusal);
        renderMarket.reject(jobId, 0, new uint32[](0));
        vm.expectRevert(refusal);
        renderMarket.cancel(jobId);
        vm.expectRevert(refusal);
        renderMarket.close(jobId);
    }

    // Drawing

    function test_draws_different_operators_in_order_from_the_next_turn_on() public {
        bytes32 jobId = post(3, 3);
        uint256 turn = block.timestamp / TURN;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TooEarlyToDraw.selector, turn, turn + 1));
        renderMarket.draw(jobId, 3);
        vm.warp((turn + 1) * TURN);
        for (uint256 i; i < HOMES; ++i) takeWork(homes[i]);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.SeedMissing.selector, (turn + 1) * 3));
        renderMarket.draw(jobId, 3);
        captureTurn(turn + 1);
        renderMarket.draw(jobId, 2);
        vm.assertEq(renderMarket.jobOf(jobId).drawnUnits, 2);
        vm.assertEq(renderMarket.jobOf(jobId).openTasks, 6);
        renderMarket.draw(jobId, 5);
        vm.assertEq(renderMarket.jobOf(jobId).drawnUnits, 3);
        IRenderMarket.TaskView[] memory tasks = renderMarket.tasksOf(jobId, 0, 100);
        vm.assertEq(tasks.length, 9);
        // Nobody has provision, so each holds one task: nine tasks, nine homes.
        for (uint256 i; i < 9; ++i) {
            vm.assertEq(uint256(tasks[i].state), uint256(IRenderMarket.TaskState.Drawn));
            for (uint256 j; j < i; ++j) vm.assertTrue(tasks[i].node != tasks[j].node);
            vm.assertEq(registry.stakeOf(ownerOf(tasks[i].node).addr, address(renderMarket)).openWork, 1);
        }
        IRenderMarket.UnitView memory unit = renderMarket.unitsOf(jobId, 2, 5)[0];
        vm.assertEq(unit.unit, 2);
        vm.assertEq(unit.draws, 1);
        vm.assertEq(unit.drawnAt, block.timestamp);
        vm.assertEq(unit.commitBy, block.timestamp + COMMIT);
        vm.assertEq(unit.revealFrom, unit.commitBy + 1);
        vm.assertEq(unit.revealBy, unit.revealFrom + REVEAL);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.AllDrawn.selector, jobId));
        renderMarket.draw(jobId, 1);
    }

    function test_drawing_stops_at_a_unit_for_which_nobody_is_free() public {
        bytes32 jobId = post(4, 3);
        nextTurn();
        renderMarket.draw(jobId, 4);
        vm.assertEq(renderMarket.jobOf(jobId).drawnUnits, 3);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NobodyFree.selector, jobId, 3));
        renderMarket.draw(jobId, 1);
    }

    // Committing

    function test_a_commitment_is_taken_once_in_time_and_from_its_node_only() public {
        bytes32 jobId = drawn(1, 2);
        uint256[] memory tasks = listOf(0);
        bytes32[] memory commitments = new bytes32[](1);
        Wallet memory first = homeOf(taskOf(jobId, 0).node);
        Wallet memory second = homeOf(taskOf(jobId, 1).node);
        bytes memory signature = signCommit(first, jobId, tasks, commitments);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.LengthsDiffer.selector, 1, 0));
        renderMarket.commit(jobId, first.addr, tasks, new bytes32[](0), signature);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.CommitmentInvalid.selector, first.addr, address(0)));
        renderMarket.commit(jobId, first.addr, tasks, commitments, "");
        bytes memory foreign = signCommit(second, jobId, tasks, commitments);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotNodeOf.selector, jobId, 0, second.addr));
        renderMarket.commit(jobId, second.addr, tasks, commitments, foreign);
        vm.expectRevert();
        renderMarket.commit(jobId, first.addr, tasks, commitments, foreign);
        renderMarket.commit(jobId, first.addr, tasks, commitments, signature);
        vm.expectRevert(
            abi.encodeWithSelector(IRenderMarket.TaskNotIn.selector, jobId, 0, IRenderMarket.TaskState.Committed)
        );
        renderMarket.commit(jobId, first.addr, tasks, commitments, signature);
        uint256 commitBy = renderMarket.unitsOf(jobId, 0, 1)[0].commitBy;
        vm.warp(commitBy + 1);
        tasks = listOf(1);
        signature = signCommit(second, jobId, tasks, commitments);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.CommitClosed.selector, commitBy));
        renderMarket.commit(jobId, second.addr, tasks, commitments, signature);
        vm.warp(commitBy);
        renderMarket.commit(jobId, second.addr, tasks, commitments, signature);
    }

    // Revealing

    function test_reveals_open_with_the_last_commitment_and_are_skipped_the_second_time() public {
        bytes32 jobId = drawn(1, 2);
        commit(jobId, 0);
        uint256 commitBy = renderMarket.unitsOf(jobId, 0, 1)[0].commitBy;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.RevealNotOpen.selector, commitBy + 1));
        reveal(jobId, 0);
        vm.warp(block.timestamp + 3);
        commit(jobId, 1);
        IRenderMarket.UnitView memory unit = renderMarket.unitsOf(jobId, 0, 1)[0];
        vm.assertEq(unit.revealFrom, block.timestamp);
        vm.assertEq(unit.committed, 2);
        IRenderMarket.Opening memory opening = openingOf(0);
        opening.salt = bytes32("other");
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0));
        reveal(jobId, opening);
        reveal(jobId, 0);
        reveal(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Revealed);
        vm.assertEq(renderMarket.unitsOf(jobId, 0, 1)[0].revealed, 1);
        opening = openingOf(0);
        bytes32 digest = keccak256(abi.encode(opening.resultRoot, opening.cipherRoot, opening.keyHash));
        vm.assertEq(taskOf(jobId, 0).digest, digest);
        vm.warp(unit.revealFrom + REVEAL + 1);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.RevealClosed.selector, unit.revealFrom + REVEAL));
        reveal(jobId, 1);
    }

    function test_reveals_open_after_the_time_to_commit_when_a_replica_is_silent() public {
        bytes32 jobId = drawn(1, 2);
        commit(jobId, 0);
        uint256 commitBy = renderMarket.unitsOf(jobId, 0, 1)[0].commitBy;
        vm.warp(commitBy);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.RevealNotOpen.selector, commitBy + 1));
        reveal(jobId, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotMissed.selector, jobId, 1));
        renderMarket.miss(jobId, listOf(1));
        vm.warp(commitBy + 1);
        reveal(jobId, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IRenderMarket.TaskNotIn.selector, jobId, 1, IRenderMarket.TaskState.Drawn)
        );
        reveal(jobId, 1);
        renderMarket.miss(jobId, listOf(1));
        renderMarket.miss(jobId, listOf(1));
        assertState(jobId, 1, IRenderMarket.TaskState.Missed);
        address away = taskOf(jobId, 1).node;
        vm.assertEq(renderPool.workerOf(away).missed, 1);
        vm.assertFalse(renderPool.workerOf(away).inPool);
        vm.assertEq(registry.stakeOf(ownerOf(away).addr, address(renderMarket)).openWork, 0);
        vm.assertEq(renderMarket.jobOf(jobId).openTasks, 1);
    }

    // Accepting and paying

    function test_accepted_work_is_paid_with_its_key_and_burns_a_twentieth() public {
        bytes32 jobId = revealed(2);
        accept(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Accepted);
        address home = taskOf(jobId, 0).node;
        IRenderMarket.Release memory one = releaseOf(0);
        one.key = bytes32("other");
        releaseRefused(jobId, one, abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0));
        IRenderMarket.Release[] memory releases = new IRenderMarket.Release[](1);
        releases[0] = releaseOf(0);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotNodeOf.selector, jobId, 0, operator.addr));
        renderMarket.release(jobId, operator.addr, releases);
        release(jobId, 0);
        release(jobId, 0);
        assertState(jobId, 0, IRenderMarket.TaskState.Paid);
        vm.assertEq(earnedOf(home), afterBurn(UNIT_PRICE));
        vm.assertEq(payments.accountOf(ownerOf(home).addr, 1).feesEarnedWei, afterBurn(UNIT_PRICE));
        vm.assertEq(escrowOf(jobId), UNIT_PRICE);
        vm.assertEq(renderPool.workerOf(home).acceptedUnits, 1);
        vm.assertEq(registry.stakeOf(ownerOf(home).addr, address(renderMarket)).openWork, 0);
    }

    function test_silence_accepts() public {
        bytes32 jobId = revealed(1 + 1);
        uint256 acceptedAt = block.timestamp + SILENCE;
        releaseRefused(jobId, releaseOf(0), abi.encodeWithSelector(IRenderMarket.StillSilent.selector, acceptedAt));
        vm.warp(acceptedAt);
        release(jobId, 0);
        vm.assertEq(earnedOf(taskOf(jobId, 0).node), afterBurn(UNIT_PRICE));
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.SilenceOver.selector, acceptedAt));
        reject(jobId, 1);
    }

    function test_a_batch_of_one_node_is_paid_in_one_sum() public {
        stakeRender(owners[0].addr, 1000e18);
        for (uint256 i = 1; i < HOMES; ++i) stakeRender(owners[i].addr, 100e18);
        nextTurn();
        bytes32 jobId = drawn(6, 2);
        uint256[] memory own = new uint256[](12);
        uint256 count;
        for (uint256 task; task < 12; ++task) {
            commit(jobId, task);
            if (taskOf(jobId, task).node == homes[0].addr) own[count++] = task;
        }
        for (uint256 task; task < 12; ++task) {
            reveal(jobId, task);
            accept(jobId, task);
        }
        vm.assertTrue(count > 1);
        IRenderMarket.Release[] memory releases = new IRenderMarket.Release[](count);
        for (uint256 i; i < count; ++i) releases[i] = releaseOf(own[i]);
        renderMarket.release(jobId, homes[0].addr, releases);
        vm.assertEq(earnedOf(homes[0].addr), afterBurn(UNIT_PRICE * count));
    }

    function test_a_result_must_be_accepted_only_once_and_in_its_state() public {
        bytes32 jobId = drawn(1, 2);
        bytes memory refusal = abi.encodeWithSelector(
            IRenderMarket.TaskNotIn.selector,
            jobId,
            0,
            IRenderMarket.TaskState.Drawn
        );
        vm.expectRevert(refusal);
        accept(jobId, 0);
        vm.expectRevert(refusal);
        reject(jobId, 0);
        releaseRefused(jobId, releaseOf(0), refusal);
    }

    function test_who_never_releases_is_booked_as_missing() public {
        bytes32 jobId = revealed(2);
        accept(jobId, 0);
        vm.warp(block.timestamp + SILENCE);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotMissed.selector, jobId, 0));
        renderMarket.miss(jobId, listOf(0));
        vm.warp(block.timestamp + 1);
        renderMarket.miss(jobId, listOf(0));
        vm.warp(block.timestamp + SILENCE - 1);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotMissed.selector, jobId, 1));
        renderMarket.miss(jobId, listOf(1));
        vm.warp(block.timestamp + 1);
        renderMarket.miss(jobId, listOf(1));
        vm.prank(customer.addr);
        renderMarket.close(jobId);
        vm.assertEq(token.balanceOf(customer.addr), 1e24);
    }

    function test_a_late_release_counts_until_somebody_books_it() public {
        bytes32 jobId = revealed(2);
        accept(jobId, 0);
        vm.warp(block.timestamp + 10 * SILENCE);
        release(jobId, 0);
        release(jobId, 1);
        vm.assertEq(escrowOf(jobId), 0);
    }

    // Drawing anew

    function test_a_unit_that_all_missed_is_drawn_anew_in_a_later_turn() public {
        bytes32 jobId = drawn(1, 2);
        address away = taskOf(jobId, 0).node;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.UnitNotFailed.selector, jobId, 0));
        renderMarket.redraw(jobId, listOf(0));
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.UnitNotFailed.selector, jobId, 1));
        renderMarket.redraw(jobId, listOf(1));
        uint256 commitBy = renderMarket.unitsOf(jobId, 0, 1)[0].commitBy;
        vm.warp(commitBy + 1);
        renderMarket.miss(jobId, listOf(1));
        uint256 turn = block.timestamp / TURN;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TooEarlyToDraw.selector, turn, turn + 1));
        renderMarket.redraw(jobId, listOf(0));
        nextTurn();
        renderMarket.redraw(jobId, listOf(0));
        IRenderMarket.UnitView memory unit = renderMarket.unitsOf(jobId, 0, 1)[0];
        vm.assertEq(unit.draws, 2);
        vm.assertEq(unit.committed, 0);
        vm.assertEq(renderMarket.jobOf(jobId).openTasks, 2);
        vm.assertEq(renderPool.workerOf(away).missed, 1);
        commit(jobId, 0);
        commit(jobId, 1);
        reveal(jobId, 0);
        accept(jobId, 0);
        release(jobId, 0);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.UnitNotFailed.selector, jobId, 0));
        renderMarket.redraw(jobId, listOf(0));
    }

    function test_commitments_that_nobody_opens_fail_with_the_time_to_reveal() public {
        bytes32 jobId = drawn(1, 2);
        commit(jobId, 0);
        uint256 commitBy = renderMarket.unitsOf(jobId, 0, 1)[0].commitBy;
        vm.warp(commitBy + 1 + REVEAL);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NotMissed.selector, jobId, 0));
        renderMarket.miss(jobId, listOf(0));
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.UnitNotFailed.selector, jobId, 0));
        renderMarket.redraw(jobId, listOf(0));
        vm.warp(commitBy + 2 + REVEAL);
        renderMarket.miss(jobId, listOf(0));
        nextTurn();
        renderMarket.redraw(jobId, listOf(0));
        assertState(jobId, 0, IRenderMarket.TaskState.Drawn);
    }

    function test_drawing_anew_waits_for_homes() public {
        bytes32 jobId = drawn(1, 3);
        vm.warp(renderMarket.unitsOf(jobId, 0, 1)[0].commitBy + 1);
        for (uint256 i; i < HOMES; ++i) {
            Wallet memory home = homes[i];
            renderPool.stopWork(home.addr, signStop(home, renderPool.workerOf(home.addr).until));
        }
        nextTurn();
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.NobodyFree.selector, jobId, 0));
        renderMarket.redraw(jobId, listOf(0));
    }

    // Ending

    function test_a_cancelled_job_returns_what_was_not_drawn() public {
        bytes32 jobId = post(3, 3);
        nextTurn();
        renderMarket.draw(jobId, 1);
        vm.startPrank(customer.addr);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TasksOpen.selector, 3));
        renderMarket.close(jobId);
        renderMarket.cancel(jobId);
        uint256 endTurn = block.timestamp / TURN + 1;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.JobEnded.selector, jobId, endTurn));
        renderMarket.cancel(jobId);
        vm.stopPrank();
        renderMarket.draw(jobId, 1);
        vm.warp(block.timestamp + 2 * TURN);
        nextTurn();
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.JobEnded.selector, jobId, endTurn));
        renderMarket.draw(jobId, 1);
        uint256[] memory tasks = new uint256[](6);
        for (uint256 i; i < 6; ++i) tasks[i] = i;
        renderMarket.miss(jobId, tasks);
        vm.prank(customer.addr);
        renderMarket.close(jobId);
        vm.assertEq(token.balanceOf(customer.addr), 1e24);
        vm.assertEq(escrowOf(jobId), 0);
    }

    function test_a_job_closes_only_when_everything_was_drawn_or_cancelled() public {
        bytes32 jobId = post(2, 2);
        vm.startPrank(customer.addr);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TasksOpen.selector, 2));
        renderMarket.close(jobId);
        renderMarket.cancel(jobId);
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.TasksOpen.selector, 2));
        renderMarket.close(jobId);
        vm.warp(block.timestamp + TURN);
        renderMarket.close(jobId);
        vm.stopPrank();
        vm.assertEq(token.balanceOf(customer.addr), 1e24);
    }

    function test_a_closed_job_is_never_drawn_again() public {
        bytes32 jobId = drawn(1, 2);
        vm.warp(renderMarket.unitsOf(jobId, 0, 1)[0].commitBy + 1);
        uint256[] memory tasks = new uint256[](2);
        tasks[1] = 1;
        renderMarket.miss(jobId, tasks);
        vm.prank(customer.addr);
        renderMarket.close(jobId);
        uint256 endTurn = block.timestamp / TURN;
        nextTurn();
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.JobEnded.selector, jobId, endTurn));
        renderMarket.redraw(jobId, listOf(0));
    }

    function test_anyone_may_add_to_the_escrow() public {
        bytes32 jobId = post(1, 2);
        token.approve(address(payments), 5);
        renderMarket.topUp(jobId, 5);
        vm.assertEq(escrowOf(jobId), 2 * UNIT_PRICE + 5);
    }

    // Stake

    function test_stake_does_not_leave_while_a_task_is_open() public {
        bytes32 jobId = revealed(2);
        address home = taskOf(jobId, 0).node;
        stakeRender(ownerOf(home).addr, 10e18);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WorkOpen.selector, 1));
        this.unstakeRender(home);
        accept(jobId, 0);
        release(jobId, 0);
        this.unstakeRender(home);
    }

    function unstakeRender(address home) external {
        vm.prank(ownerOf(home).addr);
        registry.unstake(ownerOf(home).addr, address(renderMarket), 5e6, 1, minutesAhead(24), "");
    }

    function test_times_of_the_deployment_can_be_read() public view {
        IRenderMarket.Timing memory timing = renderMarket.timing();
        vm.assertEq(timing.turnSeconds, TURN);
        vm.assertEq(timing.slotsPerTurn, 3);
        vm.assertEq(timing.revealSeconds, REVEAL);
        vm.assertEq(timing.silenceSeconds, SILENCE);
        vm.assertEq(renderPool.expirySeconds(), SILENCE);
    }

    // Values of any size

    function testFuzz_escrow_covers_every_task_until_it_ends(uint32 units, uint8 replicas, uint96 price) public {
        IRenderMarket.JobTerms memory terms = termsOf(uint32(bound(units, 1, 5)), uint8(bound(replicas, 1, 3)));
        terms.pricePerUnitWei = uint96(bound(price, 1, 1e22));
        bytes32 jobId = post(terms);
        uint256 whole = uint256(terms.unitCount) * terms.replicas * terms.pricePerUnitWei;
        vm.assertEq(escrowOf(jobId), whole);
        vm.assertEq(renderMarket.bondOf(jobId), (uint256(terms.pricePerUnitWei) + 3) / 4);
        if (terms.replicas == 1) return;
        nextTurn();
        renderMarket.draw(jobId, 1);
        for (uint256 task; task < terms.replicas; ++task) commit(jobId, task);
        for (uint256 task; task < terms.replicas; ++task) {
            reveal(jobId, task);
            accept(jobId, task);
            release(jobId, task);
            whole -= terms.pricePerUnitWei;
            vm.assertEq(escrowOf(jobId), whole);
            vm.assertEq(earnedOf(taskOf(jobId, task).node), afterBurn(terms.pricePerUnitWei));
        }
    }

    function testFuzz_only_the_opening_that_was_committed_to_reveals(
        bytes32 salt,
        bytes32 result,
        bytes32 cipher,
        bytes32 key,
        uint8 field
    ) public {
        bytes32 jobId = drawn(1, 2);
        IRenderMarket.Opening memory opening = IRenderMarket.Opening(
            0,
            salt,
            result,
            cipher,
            keccak256(abi.encode(key))
        );
        commit(jobId, 0, opening);
        commit(jobId, 1);
        IRenderMarket.Opening memory other = IRenderMarket.Opening(0, salt, result, cipher, opening.keyHash);
        if (field % 4 == 0) other.salt = ~salt;
        if (field % 4 == 1) other.resultRoot = ~result;
        if (field % 4 == 2) other.cipherRoot = ~cipher;
        if (field % 4 == 3) other.keyHash = ~opening.keyHash;
        vm.expectRevert(abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0));
        reveal(jobId, other);
        reveal(jobId, opening);
        accept(jobId, 0);
        releaseRefused(
            jobId,
            IRenderMarket.Release(0, result, cipher, ~key),
            abi.encodeWithSelector(IRenderMarket.OpeningWrong.selector, jobId, 0)
        );
        release(jobId, IRenderMarket.Release(0, result, cipher, key));
    }

    function testFuzz_times_decide_what_a_drawn_task_may_become(uint256 wait, bool full) public {
        wait = bound(wait, 0, 3 * COMMIT);
        bytes32 jobId = drawn(1, 2);
        commit(jobId, 0);
        if (full) commit(jobId, 1);
        uint256 from = full ? block.timestamp : block.timestamp + COMMIT + 1;
        vm.warp(block.timestamp + wait);
        if (block.timestamp < from || block.timestamp > from + REVEAL) {
            vm.expectRevert();
            this.revealOutside(jobId, 0);
        } else {
            reveal(jobId, 0);
            return;
        }
        if (block.timestamp <= from + REVEAL) vm.expectRevert();
        renderMarket.miss(jobId, listOf(0));
    }

    function revealOutside(bytes32 jobId, uint256 task) external {
        reveal(jobId, task);
    }

    function testFuzz_a_job_that_is_cancelled_any_time_returns_all_but_what_was_paid(
        uint8 paid,
        uint8 drawnUnits
    ) public {
        uint256 count = bound(drawnUnits, 0, 4);
        bytes32 jobId = post(4, 2);
        nextTurn();
        if (count != 0) renderMarket.draw(jobId, count);
        vm.prank(customer.addr);
        renderMarket.cancel(jobId);
        paid = uint8(bound(paid, 0, count * 2));
        for (uint256 task; task < count * 2; ++task) commit(jobId, task);
        for (uint256 task; task < paid; ++task) {
            reveal(jobId, task);
            accept(jobId, task);
            release(jobId, task);
        }
        vm.warp(block.timestamp + COMMIT + REVEAL + TURN);
        for (uint256 task = paid; task < count * 2; ++task) renderMarket.miss(jobId, listOf(task));
        vm.prank(customer.addr);
        renderMarket.close(jobId);
        vm.assertEq(token.balanceOf(customer.addr), 1e24 - paid * uint256(UNIT_PRICE));
    }
}
