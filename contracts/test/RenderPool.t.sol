// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry} from "../src/interfaces/IRegistry.sol";
import {IRenderMarket} from "../src/interfaces/IRenderMarket.sol";
import {IRenderPool} from "../src/interfaces/IRenderPool.sol";
import {RenderFixture, Wallet} from "./support/RenderFixture.sol";

contract RenderPoolTest is RenderFixture {
    function workerOf(uint256 home) private view returns (IRenderPool.WorkerView memory) {
        return renderPool.workerOf(homes[home].addr);
    }

    function requestOf(uint8 tier, uint8 replicas, uint256 price) private view returns (IRenderPool.Request memory) {
        return IRenderPool.Request(seedOfTurn(), bytes32(gasleft()), CLASS, tier, replicas, price);
    }

    function drawOne(uint8 tier, uint8 replicas, uint256 price) private returns (IRenderPool.Drawn[] memory) {
        IRenderPool.Request memory request = requestOf(tier, replicas, price);
        vm.prank(address(renderMarket));
        return renderPool.draw(request);
    }

    function finish(
        uint256 home,
        IRenderPool.Outcome outcome,
        uint256 price,
        uint256 kilosamples,
        uint256 took
    ) private {
        vm.prank(address(renderMarket));
        renderPool.finish(homes[home].addr, owners[home].addr, outcome, price, kilosamples, took);
    }

    function stop(uint256 home) private {
        bytes memory signature = signStop(homes[home], workerOf(home).until);
        renderPool.stopWork(homes[home].addr, signature);
    }

    /// @dev Only one home is left, and its next turn has come.
    function alone() private {
        for (uint256 i = 1; i < HOMES; ++i) stop(i);
        nextTurn();
    }

    // Coming and going

    function test_a_home_takes_work_until_the_time_it_signed_for() public {
        IRenderPool.WorkerView memory worker = workerOf(0);
        vm.assertEq(worker.node, homes[0].addr);
        vm.assertEq(worker.operator, owners[0].addr);
        vm.assertTrue(worker.inPool);
        vm.assertEq(worker.backEndClass, CLASS);
        vm.assertEq(worker.capacity, 8);
        vm.assertEq(worker.until, block.timestamp + SILENCE);
        vm.assertEq(worker.weight, 1);
        vm.assertEq(worker.tier + worker.openTasks + worker.acceptedUnits + worker.strikes + worker.missed, 0);
        vm.assertEq(renderPool.weightOf(CLASS, 0), 0);
        nextTurn();
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES);
        vm.assertEq(renderPool.workers(0, 100).length, HOMES);
        vm.assertEq(renderPool.workers(7, 100)[1].node, homes[8].addr);
        vm.assertEq(renderPool.workers(HOMES, 1).length, 0);
        stop(0);
        vm.assertFalse(workerOf(0).inPool);
        vm.assertEq(workerOf(0).weight, 0);
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES);
        vm.warp(block.timestamp + TURN);
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES - 1);
    }

    function test_taking_work_refuses_what_is_out_of_bounds_or_not_signed() public {
        vm.warp(block.timestamp + 1);
        Wallet memory home = homes[0];
        uint64 until = uint64(block.timestamp + SILENCE);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.ClassInvalid.selector, 16));
        renderPool.takeWork(home.addr, 16, 1, until, "");
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.CapacityInvalid.selector, 0));
        renderPool.takeWork(home.addr, 15, 0, until, "");
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.CapacityInvalid.selector, 33));
        renderPool.takeWork(home.addr, 15, 33, until, "");
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.UntilInvalid.selector, until + 1));
        renderPool.takeWork(home.addr, 15, 32, until + 1, "");
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.UntilInvalid.selector, until - 1));
        renderPool.takeWork(home.addr, 15, 32, until - 1, "");
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.ConsentInvalid.selector, home.addr, address(0)));
        renderPool.takeWork(home.addr, 15, 32, until, "");
        bytes memory signature = signTake(home, 15, 32, until);
        vm.expectRevert();
        renderPool.takeWork(home.addr, 14, 32, until, signature);
        renderPool.takeWork(home.addr, 15, 32, until, signature);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.UntilInvalid.selector, until));
        renderPool.takeWork(home.addr, 15, 32, until, signature);
        vm.warp(until + 5);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.UntilInvalid.selector, until + 5));
        renderPool.takeWork(home.addr, 15, 32, until + 5, signature);
    }

    function test_only_render_keys_that_may_work_take_work() public {
        Wallet memory storing = walletOf(30_000);
        authorize(operator, storing, 0);
        uint64 until = uint64(block.timestamp + 1);
        bytes memory signature = signTake(storing, CLASS, 1, until);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.RoleInvalid.selector, 0));
        renderPool.takeWork(storing.addr, CLASS, 1, until, signature);
        vm.warp(block.timestamp + 1);
        revoke(owners[0], homes[0].addr);
        until = uint64(block.timestamp + SILENCE);
        signature = signTake(homes[0], CLASS, 1, until);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NodeIsRevoked.selector, homes[0].addr));
        renderPool.takeWork(homes[0].addr, CLASS, 1, until, signature);
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        signature = signTake(homes[1], CLASS, 1, until);
        vm.expectRevert(IRegistry.NewWorkStopped.selector);
        renderPool.takeWork(homes[1].addr, CLASS, 1, until, signature);
    }

    function test_stopping_needs_the_homes_word_and_works_once() public {
        bytes memory signature = signStop(homes[0], workerOf(0).until);
        bytes memory foreign = signStop(homes[1], workerOf(0).until);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.ConsentInvalid.selector, homes[0].addr, address(0)));
        renderPool.stopWork(homes[0].addr, "");
        vm.expectRevert();
        renderPool.stopWork(homes[0].addr, foreign);
        renderPool.stopWork(homes[0].addr, signature);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.NotInPool.selector, homes[0].addr));
        renderPool.stopWork(homes[0].addr, signature);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        vm.expectRevert();
        renderPool.stopWork(homes[0].addr, signature);
    }

    function test_anyone_evicts_who_is_over_and_nobody_else() public {
        address[] memory nodes = new address[](1);
        nodes[0] = homes[0].addr;
        uint256 until = workerOf(0).until;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.NotExpired.selector, homes[0].addr, until));
        renderPool.evict(nodes);
        vm.warp(until + 1);
        renderPool.evict(nodes);
        vm.expectRevert(abi.encodeWithSelector(IRenderPool.NotInPool.selector, homes[0].addr));
        renderPool.evict(nodes);
        takeWork(homes[0]);
        vm.assertTrue(workerOf(0).inPool);
        vm.assertEq(renderPool.workers(0, 100).length, HOMES);
    }

    function test_a_home_that_changes_its_back_end_moves() public {
        nextTurn();
        vm.warp(block.timestamp + 1);
        takeWork(homes[0], 2, 8, uint64(block.timestamp + SILENCE));
        nextTurn();
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES - 1);
        // Renewed by the helper in the first class again: it moves back with the next turn.
        vm.assertEq(renderPool.weightOf(2, 0), 1);
        nextTurn();
        vm.assertEq(renderPool.weightOf(2, 0), 0);
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES);
    }

    // Weights

    function test_weight_is_the_share_of_the_provision_in_whole_tokens() public {
        stakeRender(owners[0].addr, 25e17);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        vm.assertEq(workerOf(0).weight, 2);
        Wallet memory second = walletOf(40_000);
        authorize(owners[0], second, 1);
        stakeRender(owners[0].addr, 75e17);
        takeWork(second);
        vm.assertEq(renderPool.workerOf(second.addr).weight, 5);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        vm.assertEq(workerOf(0).weight, 5);
        stakeRender(owners[1].addr, 3e24);
        takeWork(homes[1]);
        vm.assertEq(workerOf(1).weight, 1 << 20);
    }

    function testFuzz_weight_follows_the_provision(uint256 stakeWei) public {
        stakeWei = bound(stakeWei, 1, 2e24);
        stakeRender(owners[0].addr, stakeWei);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        uint256 share = stakeWei / 1e18;
        vm.assertEq(
            workerOf(0).weight,
            share == 0
                ? 1
                : share > 1 << 20
                    ? 1 << 20
                    : share
        );
        nextTurn();
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES - 1 + workerOf(0).weight);
    }

    function test_draws_follow_the_weights() public {
        stakeRender(owners[0].addr, 8e18);
        vm.warp(block.timestamp + 1);
        nextTurn();
        nextTurn();
        uint256 hits;
        for (uint256 i; i < 200; ++i) {
            uint256 id = vm.snapshotState();
            bool hit = drawOne(0, 2, 1)[0].node == homes[0].addr;
            vm.revertToState(id);
            if (hit) ++hits;
        }
        // Half of the weight is its: 100 of 200, give or take five standard deviations.
        vm.assertTrue(hits > 65 && hits < 135);
    }

    // Who may be drawn

    function test_a_home_without_provision_holds_one_task_of_the_lowest_tier_that_others_render_too() public {
        nextTurn();
        vm.assertEq(drawOne(0, 1, 1).length, 0);
        vm.assertEq(drawOne(1, 2, 1).length, 0);
        for (uint256 i; i < 4; ++i) vm.assertEq(drawOne(0, 2, 1).length, 2);
        vm.assertEq(drawOne(0, 2, 1).length, 0);
        (uint256 tasks, uint256 price) = renderPool.openOf(owners[0].addr);
        vm.assertLe(tasks, 1, "one task");
        vm.assertEq(price, tasks);
    }

    function test_provision_is_ten_times_what_is_open() public {
        alone();
        stakeRender(owners[0].addr, 100e18);
        addHome(100e18);
        nextTurn();
        for (uint256 i; i < 5; ++i) vm.assertEq(drawOne(0, 2, 2e18).length, 2);
        vm.assertEq(drawOne(0, 2, 1).length, 0);
        finish(0, IRenderPool.Outcome.Neutral, 2e18, 0, 0);
        finish(HOMES, IRenderPool.Outcome.Neutral, 2e18, 0, 0);
        vm.assertEq(drawOne(0, 2, 2e18).length, 2);
    }

    function test_nobody_gets_more_than_it_wants_at_a_time() public {
        stakeRender(owners[0].addr, 100e18);
        stakeRender(owners[1].addr, 100e18);
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0], CLASS, 2, uint64(block.timestamp + SILENCE));
        vm.warp((block.timestamp / TURN + 1) * TURN);
        captureTurn(block.timestamp / TURN);
        for (uint256 i; i < 2; ++i) vm.assertEq(drawOne(0, 2, 1).length, 2);
        vm.assertEq(drawOne(0, 2, 1).length, 0);
    }

    function test_after_twenty_accepted_units_a_home_renders_alone() public {
        stakeRender(owners[0].addr, 1000e18);
        nextTurn();
        nextTurn();
        experience(homes[0].addr, 19);
        vm.assertEq(drawOne(0, 1, 1).length, 0);
        experience(homes[0].addr, 1);
        IRenderPool.Drawn[] memory found = drawOne(0, 1, 1);
        vm.assertEq(found[0].node, homes[0].addr);
        vm.assertEq(found[0].operator, owners[0].addr);
        vm.assertTrue(found[0].first);
        vm.assertFalse(drawOne(0, 1, 1)[0].first);
        vm.assertEq(drawOne(0, 1, 101e18).length, 0);
    }

    function tierAfter(uint256 kilosamples, uint256 took) private returns (uint8) {
        uint256 id = vm.snapshotState();
        for (uint256 i; i < 20; ++i) {
            drawOne(0, 2, 1);
            finish(0, IRenderPool.Outcome.Accepted, 1, kilosamples, took);
            finish(1, IRenderPool.Outcome.Neutral, 1, 0, 0);
        }
        uint8 tier = workerOf(0).tier;
        vm.revertToState(id);
        return tier;
    }

    function test_tiers_follow_the_speed_of_accepted_work() public {
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        nextTurn();
        vm.assertEq(tierAfter(0, 0), 0);
        vm.assertEq(tierAfter(999, 1), 0);
        vm.assertEq(tierAfter(1_000, 1), 1);
        vm.assertEq(tierAfter(9_999, 1), 1);
        vm.assertEq(tierAfter(10_000, 0), 3);
        vm.assertEq(tierAfter(100_000, 10), 2);
        vm.assertEq(tierAfter(100_000, 1), 3);
    }

    function test_a_faster_home_moves_up_weighs_more_and_still_renders_what_is_below() public {
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        stakeRender(owners[0].addr, 1000e18);
        nextTurn();
        for (uint256 i; i < 20; ++i) {
            drawOne(0, 2, 1);
            finish(0, IRenderPool.Outcome.Accepted, 1, 100_000, 1);
            finish(1, IRenderPool.Outcome.Neutral, 1, 0, 0);
        }
        vm.assertEq(drawOne(3, 1, 1).length, 0);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        nextTurn();
        vm.assertEq(renderPool.weightOf(CLASS, 3), 1000);
        vm.assertEq(renderPool.weightOf(CLASS, 0), 1);
        vm.assertEq(drawOne(3, 1, 1)[0].node, homes[0].addr);
        vm.assertEq(drawOne(0, 1, 1)[0].node, homes[0].addr);
        vm.assertEq(drawOne(0, 2, 1).length, 2);
        vm.assertEq(drawOne(1, 2, 1).length, 0);
    }

    function test_a_strike_begins_the_count_anew_and_a_home_must_come_back_by_itself() public {
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        nextTurn();
        drawOne(0, 2, 1);
        finish(0, IRenderPool.Outcome.Accepted, 1, 1, 1);
        vm.assertEq(workerOf(0).acceptedUnits, 1);
        drawOne(0, 2, 1);
        // Home 1 is still busy with the first draw.
        vm.assertEq(workerOf(0).openTasks, 0);
        finish(1, IRenderPool.Outcome.Struck, 1, 0, 0);
        vm.assertEq(workerOf(1).strikes, 1);
        vm.assertFalse(workerOf(1).inPool);
        vm.prank(address(renderMarket));
        renderPool.strike(homes[0].addr);
        vm.assertEq(workerOf(0).acceptedUnits, 0);
        vm.assertFalse(workerOf(0).inPool);
        vm.prank(address(renderMarket));
        renderPool.strike(homes[0].addr);
        vm.assertEq(workerOf(0).strikes, 2);
    }

    function testFuzz_speed_is_that_of_about_the_last_hundred_units(uint32 slow, uint32 fast) public {
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        nextTurn();
        (uint256 early, uint256 late) = (bound(slow, 1, 1e6), bound(fast, 1, 1e6));
        for (uint256 i; i < 600; ++i) {
            drawOne(0, 2, 1);
            finish(0, IRenderPool.Outcome.Accepted, 1, i < 100 ? early : late, 1);
            finish(1, IRenderPool.Outcome.Neutral, 1, 0, 0);
        }
        uint256 speed = workerOf(0).kilosamplesPerSecond;
        uint256 apart = early > late ? early - late : late - early;
        uint256 off = speed > late ? speed - late : late - speed;
        vm.assertLe(off, apart / 50 + 1, "old units are all but forgotten");
        vm.assertEq(workerOf(0).acceptedUnits, 600);
    }

    // Draws

    function test_draws_pass_over_who_left_expired_was_revoked_or_came_in_this_turn() public {
        nextTurn();
        stop(0);
        revoke(owners[1], homes[1].addr);
        vm.warp(block.timestamp + 1);
        takeWork(homes[0]);
        for (uint256 i; i < 40; ++i) {
            uint256 id = vm.snapshotState();
            IRenderPool.Drawn[] memory found = drawOne(0, 3, 1);
            for (uint256 j; j < found.length; ++j) {
                vm.assertTrue(found[j].node != homes[0].addr && found[j].node != homes[1].addr);
            }
            vm.assertEq(found.length, 3);
            vm.revertToState(id);
        }
    }

    function test_expired_homes_are_not_drawn() public {
        nextTurn();
        vm.warp(block.timestamp + SILENCE + 1);
        vm.assertEq(drawOne(0, 2, 1).length, 0);
        takeWork(homes[3]);
        takeWork(homes[4]);
        IRenderPool.Drawn[] memory found = drawOne(0, 2, 1);
        vm.assertEq(found.length, 2);
        vm.assertTrue(found[0].node != found[1].node);
    }

    function test_two_homes_of_one_operator_never_render_one_unit() public {
        Wallet memory second = walletOf(40_000);
        authorize(owners[0], second, 1);
        homes.push(second);
        owners.push(owners[0]);
        vm.warp(block.timestamp + 1);
        takeWork(second);
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        nextTurn();
        for (uint256 i; i < 30; ++i) {
            uint256 id = vm.snapshotState();
            IRenderPool.Drawn[] memory found = drawOne(0, 2, 1);
            vm.assertTrue(found[0].operator != found[1].operator);
            vm.assertEq(drawOne(0, 2, 1).length, 0);
            vm.revertToState(id);
        }
        vm.assertEq(drawOne(0, 3, 1).length, 0);
    }

    function test_a_place_that_is_free_again_is_used_again() public {
        stop(4);
        vm.warp(block.timestamp + 1);
        uint256 added = addHome(0);
        takeWork(homes[4]);
        nextTurn();
        vm.assertEq(renderPool.weightOf(CLASS, 0), HOMES + 1);
        vm.assertTrue(workerOf(added).inPool && workerOf(4).inPool);
        address[] memory none = new address[](0);
        vm.assertEq(renderPool.drawPanel(seedOfTurn(), "all", CLASS, 20, none).length, HOMES + 1);
    }

    function test_a_draw_gives_up_after_looking_at_forty_eight_homes() public {
        for (uint256 i = HOMES; i < 52; ++i) addHome(0);
        vm.warp((block.timestamp / TURN + 1) * TURN);
        captureTurn(block.timestamp / TURN);
        address[] memory none = new address[](0);
        vm.assertEq(renderPool.drawPanel(seedOfTurn(), "all", CLASS, 60, none).length, 48);
    }

    function test_a_panel_is_drawn_from_strangers_and_gives_nobody_work() public {
        nextTurn();
        address[] memory strangers = new address[](4);
        for (uint256 i; i < 4; ++i) strangers[i] = owners[i].addr;
        address[] memory found = renderPool.drawPanel(seedOfTurn(), "key", CLASS, 5, strangers);
        vm.assertEq(found.length, 5);
        for (uint256 i; i < 5; ++i) {
            for (uint256 j; j < 4; ++j) vm.assertTrue(found[i] != homes[j].addr);
            for (uint256 j; j < i; ++j) vm.assertTrue(found[i] != found[j]);
        }
        vm.assertEq(renderPool.drawPanel(seedOfTurn(), "key", CLASS, 6, strangers).length, 5);
        vm.assertEq(renderPool.drawPanel(seedOfTurn(), "key", 3, 5, strangers).length, 0);
    }

    function test_only_the_market_draws_and_books() public {
        bytes memory refusal = abi.encodeWithSelector(IRenderPool.NotRenderMarket.selector, address(this));
        IRenderPool.Request memory request = requestOf(0, 1, 1);
        vm.expectRevert(refusal);
        renderPool.draw(request);
        vm.expectRevert(refusal);
        renderPool.finish(homes[0].addr, owners[0].addr, IRenderPool.Outcome.Neutral, 0, 0, 0);
        vm.expectRevert(refusal);
        renderPool.strike(homes[0].addr);
    }

    function testFuzz_open_work_is_what_was_drawn_and_not_finished(uint8 draws, uint8 finished) public {
        for (uint256 i = 2; i < HOMES; ++i) stop(i);
        stakeRender(owners[0].addr, 1000e18);
        stakeRender(owners[1].addr, 1000e18);
        nextTurn();
        uint256 count = bound(draws, 0, 8);
        uint256 over = bound(finished, 0, count);
        for (uint256 i; i < count; ++i) drawOne(0, 2, 3);
        for (uint256 i; i < over; ++i) finish(0, IRenderPool.Outcome.Missed, 3, 0, 0);
        (uint256 tasks, uint256 price) = renderPool.openOf(owners[0].addr);
        vm.assertEq(tasks, count - over);
        vm.assertEq(price, 3 * (count - over));
        vm.assertEq(workerOf(0).openTasks, count - over);
        vm.assertEq(workerOf(0).missed, over);
        (tasks, ) = renderPool.openOf(owners[1].addr);
        vm.assertEq(tasks, count);
    }
}
