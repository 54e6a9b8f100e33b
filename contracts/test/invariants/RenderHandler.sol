// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../../src/interfaces/IRenderMarket.sol";
import {IRenderPanel} from "../../src/interfaces/IRenderPanel.sol";
import {RenderFixture, Wallet} from "../support/RenderFixture.sol";

/// @dev A customer with one job after the other, and homes that do all that may be done to it; never reverts, keeps its own books.
contract RenderHandler is RenderFixture {
    uint8 private constant REPLICAS = 2;
    uint32 private constant UNITS = 3;

    bytes32 public jobId;
    uint256 public paidIn;
    uint256 public time;
    mapping(uint256 task => uint256) public paidTimes;
    uint256 public paidTasks;
    uint256 public mostPaid;
    uint256 private constant MONEY = 1e24;

    constructor() {
        super.setUp();
        for (uint256 i; i < 4; ++i) stakeRender(owners[i].addr, 100e18);
        time = block.timestamp;
        begin();
    }

    function setUp() public override {}

    function begin() private {
        jobId = post(UNITS, REPLICAS);
        paidIn += uint256(UNITS) * REPLICAS * UNIT_PRICE;
        for (uint256 task; task < UNITS * REPLICAS; ++task) paidTimes[task] = 0;
    }

    function wait(uint256 seconds_) external {
        time += bound(seconds_, 1, 25);
        vm.warp(time);
    }

    function turn() external {
        time = (time / TURN + 1) * TURN;
        vm.warp(time);
        for (uint256 i; i < HOMES; ++i) takeWork(homes[i]);
        captureTurn(time / TURN);
    }

    function draw(uint256 count) external {
        vm.warp(time);
        try renderMarket.draw(jobId, bound(count, 1, 3)) {} catch {}
    }

    function redraw(uint256 unit) external {
        vm.warp(time);
        try renderMarket.redraw(jobId, listOf(bound(unit, 0, UNITS - 1))) {} catch {}
    }

    function commitTask(uint256 task) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        if (taskOf(jobId, task).state != IRenderMarket.TaskState.Drawn) return;
        if (time > renderMarket.unitsOf(jobId, task / REPLICAS, 1)[0].commitBy) return;
        commit(jobId, task);
    }

    function revealTask(uint256 task) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        IRenderMarket.UnitView memory unit = renderMarket.unitsOf(jobId, task / REPLICAS, 1)[0];
        bool open = time >= unit.revealFrom && time <= unit.revealBy;
        if (taskOf(jobId, task).state == IRenderMarket.TaskState.Committed && open) reveal(jobId, task);
    }

    function acceptTask(uint256 task) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        if (taskOf(jobId, task).state == IRenderMarket.TaskState.Revealed) accept(jobId, task);
    }

    function releaseTask(uint256 task) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        IRenderMarket.TaskView memory found = taskOf(jobId, task);
        bool silent = found.state == IRenderMarket.TaskState.Revealed && time >= found.changedAt + SILENCE;
        bool again = found.state == IRenderMarket.TaskState.Paid;
        if (found.state != IRenderMarket.TaskState.Accepted && !silent && !again) return;
        release(jobId, task);
        if (again) return;
        ++paidTasks;
        if (++paidTimes[task] > mostPaid) mostPaid = paidTimes[task];
    }

    function rejectTask(uint256 task) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        IRenderMarket.TaskView memory found = taskOf(jobId, task);
        if (found.state == IRenderMarket.TaskState.Revealed && time < found.changedAt + SILENCE) reject(jobId, task);
    }

    function concede(uint256 task) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        IRenderMarket.TaskView memory found = taskOf(jobId, task);
        if (found.state != IRenderMarket.TaskState.Disputed) return;
        if (renderPanel.panelOf(jobId, task).voteBy != 0) return;
        renderPanel.concede(jobId, task, signConcede(homeOf(found.node), jobId, task, found.changedAt));
    }

    function drawPanel(uint256 task) external {
        vm.warp(time);
        try renderPanel.draw(jobId, bound(task, 0, UNITS * REPLICAS - 1)) {} catch {}
    }

    function settle(uint256 task, uint256 choices) external {
        vm.warp(time);
        task = bound(task, 0, UNITS * REPLICAS - 1);
        IRenderPanel.PanelView memory panel = renderPanel.panelOf(jobId, task);
        if (panel.voteBy >= time && panel.voteBy != 0) voteAll(task, panel, choices);
        try renderPanel.settle(jobId, task) {} catch {}
    }

    function voteAll(uint256 task, IRenderPanel.PanelView memory panel, uint256 choices) private {
        for (uint256 i; i < 5; ++i) {
            IRenderPanel.Vote cast = IRenderPanel.Vote(1 + ((choices >> (8 * i)) % 3));
            Wallet memory member = homeOf(panel.members[i]);
            if (panel.commitments[i] != 0) continue;
            bytes32 commitment = voteCommitment(jobId, task, member.addr, cast, "salt");
            renderPanel.vote(jobId, task, member.addr, commitment, signVote(member, jobId, task, commitment));
        }
        time = panel.voteBy + 1;
        vm.warp(time);
        for (uint256 i; i < 5; ++i) {
            IRenderPanel.Vote cast = IRenderPanel.Vote(1 + ((choices >> (8 * i)) % 3));
            if (panel.commitments[i] != 0) continue;
            renderPanel.revealVote(jobId, task, panel.members[i], cast, "salt");
        }
    }

    function miss(uint256 task) external {
        vm.warp(time);
        try renderMarket.miss(jobId, listOf(bound(task, 0, UNITS * REPLICAS - 1))) {} catch {}
    }

    function topUp() external {
        vm.prank(customer.addr);
        renderMarket.topUp(jobId, UNIT_PRICE);
        paidIn += UNIT_PRICE;
    }

    function endAndBegin() external {
        vm.warp(time);
        vm.startPrank(customer.addr);
        try renderMarket.cancel(jobId) {} catch {}
        bool closed;
        try renderMarket.close(jobId) {
            closed = true;
        } catch {}
        vm.stopPrank();
        if (closed) begin();
    }

    // What must hold

    /// @dev Escrow of the running job, and what its open tasks and undrawn units may still cost.
    function solvency() external view returns (uint256 escrow, uint256 owed) {
        IRenderMarket.JobView memory job = renderMarket.jobOf(jobId);
        owed = (job.openTasks + (UNITS - job.drawnUnits) * REPLICAS) * UNIT_PRICE;
        escrow = job.escrowWei;
    }

    /// @dev Tokens of the customer, and what left him: all that operators got, that was burned for it, and that is held.
    function books() external view returns (uint256 money, uint256 accounted) {
        accounted = token.balanceOf(customer.addr) + renderMarket.jobOf(jobId).escrowWei + disputed();
        for (uint256 i; i < HOMES; ++i) {
            accounted += payments.earningsOf(owners[i].addr).earnedWei;
            accounted -= payments.earningsOf(owners[i].addr).rewardsWei;
            accounted += payments.earningsOf(owners[i].addr).feeBurnedWei;
        }
        money = MONEY;
    }

    function disputed() private view returns (uint256 sum) {
        for (uint256 task; task < UNITS * REPLICAS; ++task) {
            if (taskOf(jobId, task).state == IRenderMarket.TaskState.Disputed) sum += renderMarket.bondOf(jobId);
        }
    }

    /// @dev Open tasks by the job, by the pool, and whether the registry knows of each operator who has some.
    function openWork() external view returns (uint256 byJob, uint256 byPool, bool registryAgrees) {
        byJob = renderMarket.jobOf(jobId).openTasks;
        registryAgrees = true;
        for (uint256 i; i < HOMES; ++i) {
            (uint256 tasks, uint256 price) = renderPool.openOf(owners[i].addr);
            byPool += tasks;
            bool known = registry.stakeOf(owners[i].addr, address(renderMarket)).openWork != 0;
            if (known != (tasks != 0) || price != tasks * UNIT_PRICE) registryAgrees = false;
        }
    }

    function paidSoFar() external view returns (uint256 paid) {
        return paidTasks * UNIT_PRICE;
    }
}
