// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {RenderMarketViews} from "./base/RenderMarketViews.sol";
import {IRenderMarket} from "./interfaces/IRenderMarket.sol";
import {IRenderPool} from "./interfaces/IRenderPool.sol";
import {RenderCells} from "./libraries/RenderCells.sol";

/// @title RenderMarket, as IRenderMarket describes it.
contract RenderMarket is RenderMarketViews, EIP712 {
    uint256 private constant MAXIMUM_REPLICAS = 3;
    uint256 private constant MAXIMUM_TIER = 3;
    uint256 private constant MAXIMUM_COMMIT_SECONDS = 7 days;
    /// @dev Members of a panel share the bond in this many parts.
    uint256 private constant PANEL_SIZE = 5;
    bytes32 private constant COMMIT_TYPE = keccak256(
        "RenderCommit(bytes32 jobId,address node,bytes32 commitmentsHash)"
    );

    constructor(
        Others memory others,
        Timing memory timing_
    ) RenderMarketViews(others, timing_) EIP712("Hearth RenderMarket", "1") {}

    modifier onlyCustomer(bytes32 jobId) {
        if (_jobs[jobId].customer != msg.sender) revert NotCustomer(jobId, msg.sender);
        _;
    }

    /// @inheritdoc IRenderMarket
    function postJob(JobTerms calldata terms) external override returns (bytes32 jobId) {
        if (!STEWARDSHIP.newWorkAllowed()) revert NewWorkStopped();
        _requireTerms(terms);
        uint256 number = _jobCounts[msg.sender]++;
        jobId = jobIdOf(msg.sender, number);
        _jobIds.push(jobId);
        Job storage job = _jobs[jobId];
        (job.customer, job.unitCount, job.specHash, job.sceneHash) = (
            msg.sender,
            terms.unitCount,
            terms.specHash,
            terms.sceneHash
        );
        (job.pricePerUnitWei, job.unitKilosamples) = (terms.pricePerUnitWei, terms.unitKilosamples);
        (job.commitSeconds, job.firstTurn) = (terms.commitSeconds, uint32(_currentTurn() + 1));
        (job.replicas, job.tier, job.backEndClass) = (terms.replicas, terms.tier, terms.backEndClass);
        emit JobPosted(jobId, msg.sender, number, terms);
        PAYMENTS.fundEscrow(msg.sender, jobId, uint256(terms.unitCount) * terms.replicas * terms.pricePerUnitWei);
    }

    /// @inheritdoc IRenderMarket
    function draw(bytes32 jobId, uint256 count) external override {
        Job storage job = _known(jobId);
        bytes32 seed = _seedFor(jobId, job, job.firstTurn);
        uint256 unit = job.drawnUnits;
        if (unit == job.unitCount) revert AllDrawn(jobId);
        for (; count != 0 && unit < job.unitCount; --count) {
            if (!_drawUnit(jobId, job, unit, seed)) {
                if (unit == job.drawnUnits) revert NobodyFree(jobId, unit);
                break;
            }
            ++unit;
        }
        job.drawnUnits = uint32(unit);
    }

    /// @inheritdoc IRenderMarket
    function redraw(bytes32 jobId, uint256[] calldata units) external override {
        Job storage job = _known(jobId);
        for (uint256 i; i < units.length; ++i) {
            uint256 failedAt = _fail(jobId, job, units[i]);
            bytes32 seed = _seedFor(jobId, job, failedAt / TURN_SECONDS + 1);
            if (!_drawUnit(jobId, job, units[i], seed)) revert NobodyFree(jobId, units[i]);
        }
        uint256 owed = job.openTasks + uint256(job.unitCount - job.drawnUnits) * job.replicas;
        uint256 escrow = PAYMENTS.escrowOf(address(this), jobId);
        if (escrow < owed * job.pricePerUnitWei) revert EscrowTooSmall(escrow, owed * job.pricePerUnitWei);
    }

    /// @inheritdoc IRenderMarket
    function commit(
        bytes32 jobId,
        address node,
        uint256[] calldata tasks,
        bytes32[] calldata commitments,
        bytes calldata signature
    ) external override {
        if (tasks.length != commitments.length) revert LengthsDiffer(tasks.length, commitments.length);
        bytes32 structHash = keccak256(abi.encode(COMMIT_TYPE, jobId, node, keccak256(abi.encode(tasks, commitments))));
        (address signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (signer != node || signer == address(0)) revert CommitmentInvalid(node, signer);
        Job storage job = _known(jobId);
        for (uint256 i; i < tasks.length; ++i) _commit(jobId, job, node, tasks[i], commitments[i]);
    }

    /// @inheritdoc IRenderMarket
    function reveal(bytes32 jobId, Opening[] calldata openings) external override {
        Job storage job = _known(jobId);
        for (uint256 i; i < openings.length; ++i) {
            Task storage task = _tasks[jobId][openings[i].task];
            if (task.state != TaskState.Revealed) _reveal(jobId, job, task, openings[i]);
        }
    }

    /// @inheritdoc IRenderMarket
    function accept(bytes32 jobId, uint256[] calldata tasks) external override onlyCustomer(jobId) {
        for (uint256 i; i < tasks.length; ++i) {
            Task storage task = _requireState(jobId, tasks[i], TaskState.Revealed);
            _accept(jobId, tasks[i], task);
        }
    }

    /// @inheritdoc IRenderMarket
    function reject(bytes32 jobId, uint256 task, uint32[] calldata cells) external override onlyCustomer(jobId) {
        Task storage record = _requireState(jobId, task, TaskState.Revealed);
        uint256 acceptedAt = record.changedAt + SILENCE_SECONDS;
        if (block.timestamp >= acceptedAt) revert SilenceOver(acceptedAt);
        (record.state, record.changedAt) = (TaskState.Disputed, uint40(block.timestamp));
        uint256 bond = bondOf(jobId);
        emit TaskRejected(jobId, record.node, task, cells, bond);
        PAYMENTS.fundEscrow(msg.sender, _disputeId(jobId, task), bond);
    }

    /// @inheritdoc IRenderMarket
    function release(bytes32 jobId, address node, Release[] calldata releases) external override {
        Job storage job = _known(jobId);
        address operator = REGISTRY.operatorOf(node);
        uint256 due;
        for (uint256 i; i < releases.length; ++i) {
            uint256 number = releases[i].task;
            Task storage task = _tasks[jobId][number];
            if (task.node != node) revert NotNodeOf(jobId, number, node);
            if (task.state == TaskState.Paid) continue;
            _requireReleasable(jobId, number, task);
            _requireRelease(jobId, task, releases[i]);
            (task.state, task.changedAt) = (TaskState.Paid, uint40(block.timestamp));
            _end(job, node, operator, IRenderPool.Outcome.Accepted, task.tookSeconds);
            due += job.pricePerUnitWei;
            emit TaskPaid(jobId, node, number, releases[i].key);
        }
        if (due != 0) PAYMENTS.payFromEscrow(jobId, operator, node, job.customer, due);
    }

    /// @inheritdoc IRenderMarket
    function miss(bytes32 jobId, uint256[] calldata tasks) external override {
        Job storage job = _known(jobId);
        for (uint256 i; i < tasks.length; ++i) {
            Task storage task = _tasks[jobId][tasks[i]];
            if (task.state == TaskState.Missed) continue;
            if (!_isOver(job, _units[jobId][tasks[i] / job.replicas], task)) revert NotMissed(jobId, tasks[i]);
            _miss(jobId, job, tasks[i]);
        }
    }

    /// @inheritdoc IRenderMarket
    function proveBadKey(bytes32 jobId, Release calldata release_, BadCell calldata bad) external override {
        Task storage task = _requireState(jobId, release_.task, TaskState.Paid);
        if (block.timestamp > task.changedAt + SILENCE_SECONDS) revert SilenceOver(task.changedAt + SILENCE_SECONDS);
        _requireRelease(jobId, task, release_);
        bytes32 cipherLeaf = RenderCells.leafOf(bad.cell, keccak256(bad.cipherBytes));
        bytes32 resultLeaf = RenderCells.leafOf(bad.cell, bad.resultHash);
        if (
            RenderCells.rootOf(cipherLeaf, bad.cipherProof) != release_.cipherRoot ||
            RenderCells.rootOf(resultLeaf, bad.resultProof) != release_.resultRoot
        ) {
            revert CellProofWrong(bad.cell);
        }
        bytes memory opened = RenderCells.open(release_.key, bad.cell, bad.cipherBytes);
        if (keccak256(opened) == bad.resultHash) revert KeyOpens(bad.cell);
        task.state = TaskState.Refused;
        POOL.strike(task.node);
        emit BadKeyProven(jobId, task.node, release_.task, bad.cell, REGISTRY.slash(task.node));
    }

    /// @inheritdoc IRenderMarket
    function topUp(bytes32 jobId, uint256 amountWei) external override {
        _known(jobId);
        emit JobFunded(jobId, msg.sender, amountWei);
        PAYMENTS.fundEscrow(msg.sender, jobId, amountWei);
    }

    /// @inheritdoc IRenderMarket
    function cancel(bytes32 jobId) external override onlyCustomer(jobId) {
        Job storage job = _jobs[jobId];
        if (job.endTurn != 0) revert JobEnded(jobId, job.endTurn);
        job.endTurn = uint32(_currentTurn() + 1);
        emit JobCancelled(jobId, job.endTurn);
    }

    /// @inheritdoc IRenderMarket
    function close(bytes32 jobId) external override onlyCustomer(jobId) {
        Job storage job = _jobs[jobId];
        if (job.openTasks != 0) revert TasksOpen(job.openTasks);
        bool ended = job.endTurn != 0 && _currentTurn() >= job.endTurn;
        if (!ended && job.drawnUnits != job.unitCount) revert TasksOpen(job.unitCount - job.drawnUnits);
        if (!ended) job.endTurn = uint32(_currentTurn());
        emit JobClosed(jobId, PAYMENTS.refundEscrow(jobId, job.customer));
    }

    /// @inheritdoc IRenderMarket
    function conclude(bytes32 jobId, uint256 task, Verdict verdict, address[] calldata paid) external override {
        if (msg.sender != PANEL) revert NotRenderPanel(msg.sender);
        Task storage record = _requireState(jobId, task, TaskState.Disputed);
        Job storage job = _jobs[jobId];
        address node = record.node;
        bytes32 disputeId = _disputeId(jobId, task);
        uint256 slashed;
        if (verdict == Verdict.Right) {
            _accept(jobId, task, record);
        } else {
            (record.state, record.changedAt) = (TaskState.Refused, uint40(block.timestamp));
            if (verdict == Verdict.Wrong) slashed = REGISTRY.slash(node);
            bool struck = verdict != Verdict.Undecided;
            _end(
                job,
                node,
                REGISTRY.operatorOf(node),
                struck ? IRenderPool.Outcome.Struck : IRenderPool.Outcome.Neutral,
                0
            );
            PAYMENTS.moveEscrow(jobId, address(this), disputeId, job.pricePerUnitWei);
        }
        emit DisputeConcluded(jobId, node, task, verdict, slashed);
        uint256 share = bondOf(jobId) / PANEL_SIZE;
        for (uint256 i; i < paid.length; ++i) {
            PAYMENTS.payFromEscrow(disputeId, REGISTRY.operatorOf(paid[i]), paid[i], job.customer, share);
        }
        PAYMENTS.refundEscrow(disputeId, job.customer);
    }

    function _requireTerms(JobTerms calldata terms) private pure {
        if (
            terms.unitCount == 0 ||
            terms.replicas == 0 ||
            terms.replicas > MAXIMUM_REPLICAS ||
            terms.tier > MAXIMUM_TIER ||
            terms.commitSeconds == 0 ||
            terms.commitSeconds > MAXIMUM_COMMIT_SECONDS ||
            terms.pricePerUnitWei == 0
        ) {
            revert TermsInvalid();
        }
    }

    /// @dev Books what is still open of a unit whose tasks have all failed; tells when the last one did.
    function _fail(bytes32 jobId, Job storage job, uint256 number) private returns (uint256 failedAt) {
        Unit storage unit = _units[jobId][number];
        if (unit.drawnAt == 0) revert UnitNotFailed(jobId, number);
        uint256 first = number * job.replicas;
        for (uint256 i = first; i < first + job.replicas; ++i) {
            Task storage task = _tasks[jobId][i];
            uint256 failed = task.changedAt;
            if (task.state == TaskState.Drawn || task.state == TaskState.Committed) {
                failed = _lastChance(job, unit);
                if (block.timestamp <= failed) revert UnitNotFailed(jobId, number);
                _miss(jobId, job, i);
            } else if (task.state != TaskState.Missed && task.state != TaskState.Refused) {
                revert UnitNotFailed(jobId, number);
            }
            if (failed > failedAt) failedAt = failed;
        }
    }

    /// @dev The seed of the turn that runs, for what may be drawn from `firstTurn` on.
    function _seedFor(bytes32 jobId, Job storage job, uint256 firstTurn) private view returns (bytes32 seed) {
        uint256 turn = _currentTurn();
        if (turn < firstTurn) revert TooEarlyToDraw(turn, firstTurn);
        if (job.endTurn != 0 && turn >= job.endTurn) revert JobEnded(jobId, job.endTurn);
        uint256 slot = turn * SLOTS_PER_TURN;
        uint256 capturedAt;
        (seed, capturedAt) = SEEDS.seedOf(slot);
        if (capturedAt == 0) revert SeedMissing(slot);
    }

    function _drawUnit(bytes32 jobId, Job storage job, uint256 number, bytes32 seed) private returns (bool) {
        Unit storage unit = _units[jobId][number];
        uint16 draws = unit.draws + 1;
        IRenderPool.Drawn[] memory drawn = POOL.draw(
            IRenderPool.Request(
                seed,
                keccak256(abi.encode(jobId, number, draws)),
                job.backEndClass,
                job.tier,
                job.replicas,
                job.pricePerUnitWei
            )
        );
        if (drawn.length == 0) return false;
        (unit.drawnAt, unit.fullAt, unit.draws) = (uint40(block.timestamp), 0, draws);
        (unit.committed, unit.revealed) = (0, 0);
        job.openTasks += job.replicas;
        for (uint256 i; i < drawn.length; ++i) {
            uint256 task = number * job.replicas + i;
            _tasks[jobId][task] = Task(drawn[i].node, TaskState.Drawn, uint40(block.timestamp), 0, 0);
            if (drawn[i].first) REGISTRY.workBegan(drawn[i].operator);
            emit TaskDrawn(jobId, drawn[i].node, task, block.timestamp + job.commitSeconds);
        }
        return true;
    }

    function _commit(bytes32 jobId, Job storage job, address node, uint256 number, bytes32 commitment) private {
        Task storage task = _requireState(jobId, number, TaskState.Drawn);
        if (task.node != node) revert NotNodeOf(jobId, number, node);
        Unit storage unit = _units[jobId][number / job.replicas];
        uint256 commitBy = _commitBy(job, unit);
        if (block.timestamp > commitBy) revert CommitClosed(commitBy);
        (task.state, task.changedAt) = (TaskState.Committed, uint40(block.timestamp));
        (task.tookSeconds, task.digest) = (uint32(block.timestamp - unit.drawnAt), commitment);
        if (++unit.committed == job.replicas) unit.fullAt = uint40(block.timestamp);
        emit TaskCommitted(jobId, node, number, commitment);
    }

    function _reveal(bytes32 jobId, Job storage job, Task storage task, Opening calldata opening) private {
        _requireState(jobId, opening.task, TaskState.Committed);
        uint256 number = opening.task / job.replicas;
        Unit storage unit = _units[jobId][number];
        uint256 from = _revealFrom(job, unit);
        if (block.timestamp < from) revert RevealNotOpen(from);
        if (block.timestamp > from + REVEAL_SECONDS) revert RevealClosed(from + REVEAL_SECONDS);
        bytes32 commitment = keccak256(
            abi.encode(jobId, number, task.node, opening.salt, opening.resultRoot, opening.cipherRoot, opening.keyHash)
        );
        if (commitment != task.digest) revert OpeningWrong(jobId, opening.task);
        task.digest = keccak256(abi.encode(opening.resultRoot, opening.cipherRoot, opening.keyHash));
        (task.state, task.changedAt) = (TaskState.Revealed, uint40(block.timestamp));
        ++unit.revealed;
        emit TaskRevealed(jobId, task.node, opening.task, opening.resultRoot, opening.cipherRoot, opening.keyHash);
    }

    function _accept(bytes32 jobId, uint256 number, Task storage task) private {
        (task.state, task.changedAt) = (TaskState.Accepted, uint40(block.timestamp));
        emit TaskAccepted(jobId, task.node, number);
    }

    function _requireReleasable(bytes32 jobId, uint256 number, Task storage task) private view {
        if (task.state == TaskState.Accepted) return;
        _requireState(jobId, number, TaskState.Revealed);
        uint256 acceptedAt = task.changedAt + SILENCE_SECONDS;
        if (block.timestamp < acceptedAt) revert StillSilent(acceptedAt);
    }

    function _requireRelease(bytes32 jobId, Task storage task, Release calldata release_) private view {
        bytes32 keyHash = keccak256(abi.encode(release_.key));
        if (keccak256(abi.encode(release_.resultRoot, release_.cipherRoot, keyHash)) != task.digest) {
            revert OpeningWrong(jobId, release_.task);
        }
    }

    function _requireState(bytes32 jobId, uint256 number, TaskState state) private view returns (Task storage task) {
        task = _tasks[jobId][number];
        if (task.state != state) revert TaskNotIn(jobId, number, task.state);
    }

    function _isOver(Job storage job, Unit storage unit, Task storage task) private view returns (bool) {
        TaskState state = task.state;
        if (state == TaskState.Drawn) return block.timestamp > _commitBy(job, unit);
        if (state == TaskState.Committed) return block.timestamp > _lastChance(job, unit);
        if (state == TaskState.Accepted) return block.timestamp > task.changedAt + SILENCE_SECONDS;
        return state == TaskState.Revealed && block.timestamp > task.changedAt + 2 * SILENCE_SECONDS;
    }

    function _miss(bytes32 jobId, Job storage job, uint256 number) private {
        Task storage task = _tasks[jobId][number];
        (task.state, task.changedAt) = (TaskState.Missed, uint40(block.timestamp));
        address node = task.node;
        _end(job, node, REGISTRY.operatorOf(node), IRenderPool.Outcome.Missed, 0);
        emit TaskMissed(jobId, node, number);
    }

    /// @dev Every task that was drawn comes here once.
    function _end(
        Job storage job,
        address node,
        address operator,
        IRenderPool.Outcome outcome,
        uint256 tookSeconds
    ) private {
        --job.openTasks;
        bool idle = POOL.finish(node, operator, outcome, job.pricePerUnitWei, job.unitKilosamples, tookSeconds);
        if (idle) REGISTRY.workEnded(operator);
    }

    function _disputeId(bytes32 jobId, uint256 task) private pure returns (bytes32) {
        return keccak256(abi.encode(jobId, task));
    }
}
