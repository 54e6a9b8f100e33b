// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRenderMarket} from "../../src/interfaces/IRenderMarket.sol";
import {IRenderPanel} from "../../src/interfaces/IRenderPanel.sol";
import {IRenderPool} from "../../src/interfaces/IRenderPool.sol";
import {Fixture, Wallet} from "./Fixture.sol";

/// @dev Nine homes that render, and the way of a job through drawing, commitment, reveal and pay.
abstract contract RenderFixture is Fixture {
    uint8 internal constant CLASS = 1;
    uint96 internal constant UNIT_PRICE = 1e18;
    uint256 internal constant COMMIT = 40;
    uint256 internal constant HOMES = 9;

    Wallet[] internal owners;
    Wallet[] internal homes;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i; i < HOMES; ++i) addHome(0);
        fund(customer.addr, 1e24);
    }

    // Homes

    /// @dev Another home in the pool; it can be drawn from the next turn on.
    function addHome(uint256 stakeWei) internal returns (uint256 index) {
        index = homes.length;
        owners.push(walletOf(10_000 + index));
        homes.push(walletOf(20_000 + index));
        authorize(owners[index], homes[index], 1);
        if (stakeWei != 0) stakeRender(owners[index].addr, stakeWei);
        takeWork(homes[index]);
    }

    function stakeRender(address owner, uint256 amount) internal {
        token.approve(address(registry), amount);
        registry.stakeFor(owner, address(renderMarket), amount);
    }

    function takeWork(Wallet memory home) internal {
        takeWork(home, CLASS, 8, uint64(block.timestamp + SILENCE));
    }

    function takeWork(Wallet memory home, uint8 class, uint8 capacity, uint64 until) internal {
        renderPool.takeWork(home.addr, class, capacity, until, signTake(home, class, capacity, until));
    }

    function signTake(
        Wallet memory home,
        uint8 class,
        uint8 capacity,
        uint64 until
    ) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("TakeWork(address node,uint8 backEndClass,uint8 capacity,uint64 until)");
        bytes32 structHash = keccak256(abi.encode(typeHash, home.addr, class, capacity, until));
        return signed(home, typedDigest("Hearth RenderPool", address(renderPool), structHash));
    }

    function signStop(Wallet memory home, uint256 until) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(abi.encode(keccak256("StopWork(address node,uint64 until)"), home.addr, until));
        return signed(home, typedDigest("Hearth RenderPool", address(renderPool), structHash));
    }

    function homeOf(address key) internal view returns (Wallet memory) {
        for (uint256 i; i < homes.length; ++i) if (homes[i].addr == key) return homes[i];
        revert("no such home");
    }

    function ownerOf(address key) internal view returns (Wallet memory) {
        for (uint256 i; i < homes.length; ++i) if (homes[i].addr == key) return owners[i];
        revert("no such home");
    }

    // Jobs

    function termsOf(uint32 units, uint8 replicas) internal pure returns (IRenderMarket.JobTerms memory) {
        return
            IRenderMarket.JobTerms({
                specHash: keccak256("spec"),
                sceneHash: keccak256("scene"),
                unitCount: units,
                replicas: replicas,
                tier: 0,
                backEndClass: CLASS,
                commitSeconds: uint32(COMMIT),
                unitKilosamples: 4000,
                pricePerUnitWei: UNIT_PRICE
            });
    }

    function post(uint32 units, uint8 replicas) internal returns (bytes32) {
        return post(termsOf(units, replicas));
    }

    function post(IRenderMarket.JobTerms memory terms) internal returns (bytes32) {
        vm.prank(customer.addr);
        return renderMarket.postJob(terms);
    }

    /// @dev Goes to the next turn with all homes renewed and its seed captured.
    function nextTurn() internal returns (uint256 turn) {
        turn = block.timestamp / TURN + 1;
        vm.warp(turn * TURN);
        for (uint256 i; i < homes.length; ++i) {
            if (renderPool.workerOf(homes[i].addr).inPool) takeWork(homes[i]);
        }
        captureTurn(turn);
    }

    function captureTurn(uint256 turn) internal {
        seeds.open(turn * (TURN / SLOT));
        vm.roll(block.number + 9);
        seeds.capture(turn * (TURN / SLOT));
    }

    /// @dev A job whose units are all drawn.
    function drawn(uint32 units, uint8 replicas) internal returns (bytes32 jobId) {
        jobId = post(units, replicas);
        nextTurn();
        renderMarket.draw(jobId, units);
    }

    function taskOf(bytes32 jobId, uint256 task) internal view returns (IRenderMarket.TaskView memory) {
        return renderMarket.tasksOf(jobId, task, 1)[0];
    }

    function stateOf(bytes32 jobId, uint256 task) internal view returns (uint256) {
        return uint256(taskOf(jobId, task).state);
    }

    function assertState(bytes32 jobId, uint256 task, IRenderMarket.TaskState state) internal view {
        vm.assertEq(stateOf(jobId, task), uint256(state));
    }

    function listOf(uint256 value) internal pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = value;
    }

    // Results: each task has its own salt, key and roots unless a test says otherwise.

    function resultOf(uint256 task) internal pure returns (bytes32) {
        return keccak256(abi.encode("result", task));
    }

    function cipherOf(uint256 task) internal pure returns (bytes32) {
        return keccak256(abi.encode("cipher", task));
    }

    function keyOf(uint256 task) internal pure returns (bytes32) {
        return keccak256(abi.encode("key", task));
    }

    function openingOf(uint256 task) internal pure returns (IRenderMarket.Opening memory) {
        bytes32 salt = keccak256(abi.encode("salt", task));
        bytes32 keyHash = keccak256(abi.encode(keyOf(task)));
        return IRenderMarket.Opening(task, salt, resultOf(task), cipherOf(task), keyHash);
    }

    function releaseOf(uint256 task) internal pure returns (IRenderMarket.Release memory) {
        return IRenderMarket.Release(task, resultOf(task), cipherOf(task), keyOf(task));
    }

    function commitmentOf(
        bytes32 jobId,
        uint256 unit,
        address key,
        IRenderMarket.Opening memory opening
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(jobId, unit, key, opening.salt, opening.resultRoot, opening.cipherRoot, opening.keyHash)
            );
    }

    function signCommit(
        Wallet memory home,
        bytes32 jobId,
        uint256[] memory tasks,
        bytes32[] memory commitments
    ) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("RenderCommit(bytes32 jobId,address node,bytes32 commitmentsHash)");
        bytes32 structHash = keccak256(
            abi.encode(typeHash, jobId, home.addr, keccak256(abi.encode(tasks, commitments)))
        );
        return signed(home, typedDigest("Hearth RenderMarket", address(renderMarket), structHash));
    }

    function commit(bytes32 jobId, uint256 task) internal {
        commit(jobId, task, openingOf(task));
    }

    function commit(bytes32 jobId, uint256 task, IRenderMarket.Opening memory opening) internal {
        Wallet memory home = homeOf(taskOf(jobId, task).node);
        uint256 replicas = renderMarket.jobOf(jobId).terms.replicas;
        bytes32[] memory commitments = new bytes32[](1);
        commitments[0] = commitmentOf(jobId, task / replicas, home.addr, opening);
        uint256[] memory tasks = listOf(task);
        renderMarket.commit(jobId, home.addr, tasks, commitments, signCommit(home, jobId, tasks, commitments));
    }

    function reveal(bytes32 jobId, uint256 task) internal {
        reveal(jobId, openingOf(task));
    }

    function reveal(bytes32 jobId, IRenderMarket.Opening memory opening) internal {
        IRenderMarket.Opening[] memory openings = new IRenderMarket.Opening[](1);
        openings[0] = opening;
        renderMarket.reveal(jobId, openings);
    }

    function release(bytes32 jobId, uint256 task) internal {
        release(jobId, releaseOf(task));
    }

    function release(bytes32 jobId, IRenderMarket.Release memory one) internal {
        IRenderMarket.Release[] memory releases = new IRenderMarket.Release[](1);
        releases[0] = one;
        renderMarket.release(jobId, taskOf(jobId, one.task).node, releases);
    }

    function releaseRefused(bytes32 jobId, IRenderMarket.Release memory one, bytes memory refusal) internal {
        IRenderMarket.Release[] memory releases = new IRenderMarket.Release[](1);
        releases[0] = one;
        address home = taskOf(jobId, one.task).node;
        vm.expectRevert(refusal);
        renderMarket.release(jobId, home, releases);
    }

    function accept(bytes32 jobId, uint256 task) internal {
        vm.prank(customer.addr);
        renderMarket.accept(jobId, listOf(task));
    }

    function reject(bytes32 jobId, uint256 task) internal {
        uint32[] memory cells = new uint32[](1);
        cells[0] = 7;
        vm.prank(customer.addr);
        renderMarket.reject(jobId, task, cells);
    }

    /// @dev All tasks of a job with one unit are revealed.
    function revealed(uint8 replicas) internal returns (bytes32 jobId) {
        jobId = drawn(1, replicas);
        for (uint256 task; task < replicas; ++task) commit(jobId, task);
        for (uint256 task; task < replicas; ++task) reveal(jobId, task);
    }

    /// @dev Draws until a home has had `units` more units accepted; nothing else changes.
    function experience(address key, uint256 units) internal {
        uint256 wanted = renderPool.workerOf(key).acceptedUnits + units;
        vm.startPrank(address(renderMarket));
        for (uint256 i; renderPool.workerOf(key).acceptedUnits < wanted; ++i) {
            IRenderPool.Request memory request = IRenderPool.Request(seedOfTurn(), bytes32(i), CLASS, 0, 2, 1);
            IRenderPool.Drawn[] memory found = renderPool.draw(request);
            for (uint256 j; j < found.length; ++j) {
                bool its = found[j].node == key;
                IRenderPool.Outcome outcome = its ? IRenderPool.Outcome.Accepted : IRenderPool.Outcome.Neutral;
                renderPool.finish(found[j].node, found[j].operator, outcome, 1, 4000, 1);
            }
        }
        vm.stopPrank();
    }

    function seedOfTurn() internal view returns (bytes32 seed) {
        (seed, ) = seeds.seedOf((block.timestamp / TURN) * (TURN / SLOT));
    }

    // Panels

    /// @dev A rejected result with its panel drawn; enough homes for three replicas and five members.
    function panelDrawn(uint8 replicas) internal returns (bytes32 jobId, address[] memory members) {
        jobId = revealed(replicas);
        reject(jobId, 0);
        nextTurn();
        renderPanel.draw(jobId, 0);
        members = renderPanel.panelOf(jobId, 0).members;
    }

    function voteCommitment(
        bytes32 jobId,
        uint256 task,
        address member,
        IRenderPanel.Vote cast,
        bytes32 salt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(jobId, task, member, cast, salt));
    }

    function signVote(
        Wallet memory home,
        bytes32 jobId,
        uint256 task,
        bytes32 commitment
    ) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256(
            "PanelVote(bytes32 jobId,uint256 task,address member,bytes32 commitment,uint256 voteBy)"
        );
        uint256 voteBy = renderPanel.panelOf(jobId, task).voteBy;
        bytes32 structHash = keccak256(abi.encode(typeHash, jobId, task, home.addr, commitment, voteBy));
        return signed(home, typedDigest("Hearth RenderPanel", address(renderPanel), structHash));
    }

    function signConcede(
        Wallet memory home,
        bytes32 jobId,
        uint256 task,
        uint256 rejectedAt
    ) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("Concede(bytes32 jobId,uint256 task,uint256 rejectedAt)");
        bytes32 structHash = keccak256(abi.encode(typeHash, jobId, task, rejectedAt));
        return signed(home, typedDigest("Hearth RenderPanel", address(renderPanel), structHash));
    }

    function vote(bytes32 jobId, address member, IRenderPanel.Vote cast) internal {
        bytes32 commitment = voteCommitment(jobId, 0, member, cast, bytes32("salt"));
        renderPanel.vote(jobId, 0, member, commitment, signVote(homeOf(member), jobId, 0, commitment));
    }

    /// @dev `cast[i]` is what member i votes, None for not at all; then the time to vote is over and all are revealed.
    function votes(bytes32 jobId, address[] memory members, IRenderPanel.Vote[5] memory cast) internal {
        for (uint256 i; i < 5; ++i) if (cast[i] != IRenderPanel.Vote.None) vote(jobId, members[i], cast[i]);
        vm.warp(renderPanel.panelOf(jobId, 0).voteBy + 1);
        for (uint256 i; i < 5; ++i) {
            if (cast[i] == IRenderPanel.Vote.None) continue;
            renderPanel.revealVote(jobId, 0, members[i], cast[i], bytes32("salt"));
        }
    }

    function earnedOf(address key) internal view returns (uint256) {
        return payments.earningsOf(ownerOf(key).addr).earnedWei;
    }

    /// @dev What an operator gets of a payment that is his first.
    function afterBurn(uint256 paidWei) internal pure returns (uint256) {
        return paidWei - (paidWei + 19) / 20;
    }
}
