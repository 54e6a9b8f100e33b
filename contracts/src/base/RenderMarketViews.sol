// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../interfaces/IPayments.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {IRenderMarket} from "../interfaces/IRenderMarket.sol";
import {IRenderPool} from "../interfaces/IRenderPool.sol";
import {ISeeds} from "../interfaces/ISeeds.sol";
import {IStewardship} from "../interfaces/IStewardship.sol";

/// @title State, clock and readers of the render market.
abstract contract RenderMarketViews is IRenderMarket {
    /// @dev Contracts of the same deployment.
    struct Others {
        IRegistry registry;
        ISeeds seeds;
        IPayments payments;
        IStewardship stewardship;
        IRenderPool pool;
        address panel;
    }

    struct Job {
        address customer;
        uint32 unitCount;
        uint32 drawnUnits;
        uint32 openTasks;
        bytes32 specHash;
        bytes32 sceneHash;
        uint96 pricePerUnitWei;
        uint32 unitKilosamples;
        uint32 commitSeconds;
        uint32 firstTurn;
        uint32 endTurn;
        uint8 replicas;
        uint8 tier;
        uint8 backEndClass;
    }

    /// @dev A unit's replicas go together: drawn at one time, revealed in one window.
    struct Unit {
        uint40 drawnAt;
        /// When the last commitment came; zero while one is missing.
        uint40 fullAt;
        uint16 draws;
        uint8 committed;
        uint8 revealed;
    }

    struct Task {
        address node;
        TaskState state;
        uint40 changedAt;
        /// From the draw to the commitment.
        uint32 tookSeconds;
        bytes32 digest;
    }

    /// @dev The bond for a rejection is one part in this many of the price.
    uint256 internal constant BOND_DIVISOR = 4;

    IRegistry internal immutable REGISTRY;
    ISeeds internal immutable SEEDS;
    IPayments internal immutable PAYMENTS;
    IStewardship internal immutable STEWARDSHIP;
    IRenderPool internal immutable POOL;
    address internal immutable PANEL;
    uint256 internal immutable TURN_SECONDS;
    uint256 internal immutable SLOTS_PER_TURN;
    uint256 internal immutable REVEAL_SECONDS;
    uint256 internal immutable SILENCE_SECONDS;

    mapping(bytes32 jobId => Job) internal _jobs;
    mapping(bytes32 jobId => mapping(uint256 unit => Unit)) internal _units;
    mapping(bytes32 jobId => mapping(uint256 task => Task)) internal _tasks;
    mapping(address customer => uint256) internal _jobCounts;
    bytes32[] internal _jobIds;

    constructor(Others memory others, Timing memory timing_) {
        (REGISTRY, SEEDS, PAYMENTS) = (others.registry, others.seeds, others.payments);
        (STEWARDSHIP, POOL, PANEL) = (others.stewardship, others.pool, others.panel);
        TURN_SECONDS = timing_.turnSeconds;
        SLOTS_PER_TURN = timing_.slotsPerTurn;
        (REVEAL_SECONDS, SILENCE_SECONDS) = (timing_.revealSeconds, timing_.silenceSeconds);
    }

    /// @inheritdoc IRenderMarket
    function timing() external view override returns (Timing memory) {
        return Timing(TURN_SECONDS, SLOTS_PER_TURN, REVEAL_SECONDS, SILENCE_SECONDS);
    }

    /// @inheritdoc IRenderMarket
    function jobIdOf(address customer, uint256 number) public pure override returns (bytes32) {
        return keccak256(abi.encode(customer, number));
    }

    /// @inheritdoc IRenderMarket
    function jobCount() external view override returns (uint256) {
        return _jobIds.length;
    }

    /// @inheritdoc IRenderMarket
    function jobCountOf(address customer) external view override returns (uint256) {
        return _jobCounts[customer];
    }

    /// @inheritdoc IRenderMarket
    function jobIds(uint256 from, uint256 count) external view override returns (bytes32[] memory page) {
        page = new bytes32[](_pageLength(_jobIds.length, from, count));
        for (uint256 i; i < page.length; ++i) page[i] = _jobIds[from + i];
    }

    /// @inheritdoc IRenderMarket
    function jobOf(bytes32 jobId) external view override returns (JobView memory) {
        Job storage job = _known(jobId);
        return
            JobView({
                jobId: jobId,
                customer: job.customer,
                terms: JobTerms(
                    job.specHash,
                    job.sceneHash,
                    job.unitCount,
                    job.replicas,
                    job.tier,
                    job.backEndClass,
                    job.commitSeconds,
                    job.unitKilosamples,
                    job.pricePerUnitWei
                ),
                firstTurn: job.firstTurn,
                drawnUnits: job.drawnUnits,
                openTasks: job.openTasks,
                endTurn: job.endTurn,
                escrowWei: PAYMENTS.escrowOf(address(this), jobId)
            });
    }

    /// @inheritdoc IRenderMarket
    function unitsOf(
        bytes32 jobId,
        uint256 from,
        uint256 count
    ) external view override returns (UnitView[] memory page) {
        Job storage job = _jobs[jobId];
        page = new UnitView[](_pageLength(job.unitCount, from, count));
        for (uint256 i; i < page.length; ++i) {
            Unit storage unit = _units[jobId][from + i];
            page[i] = UnitView({
                unit: from + i,
                draws: unit.draws,
                drawnAt: unit.drawnAt,
                commitBy: _commitBy(job, unit),
                revealFrom: _revealFrom(job, unit),
                revealBy: _revealFrom(job, unit) + REVEAL_SECONDS,
                committed: unit.committed,
                revealed: unit.revealed
            });
        }
    }

    /// @inheritdoc IRenderMarket
    function tasksOf(
        bytes32 jobId,
        uint256 from,
        uint256 count
    ) external view override returns (TaskView[] memory page) {
        Job storage job = _jobs[jobId];
        page = new TaskView[](_pageLength(uint256(job.unitCount) * job.replicas, from, count));
        for (uint256 i; i < page.length; ++i) {
            Task storage task = _tasks[jobId][from + i];
            page[i] = TaskView(from + i, task.node, task.state, task.changedAt, task.digest);
        }
    }

    /// @inheritdoc IRenderMarket
    function bondOf(bytes32 jobId) public view override returns (uint256) {
        return (_known(jobId).pricePerUnitWei + BOND_DIVISOR - 1) / BOND_DIVISOR;
    }

    function _known(bytes32 jobId) internal view returns (Job storage job) {
        job = _jobs[jobId];
        if (job.customer == address(0)) revert JobUnknown(jobId);
    }

    function _commitBy(Job storage job, Unit storage unit) internal view returns (uint256) {
        return uint256(unit.drawnAt) + job.commitSeconds;
    }

    /// @dev When all have committed, or when the time for it is over.
    function _revealFrom(Job storage job, Unit storage unit) internal view returns (uint256) {
        return unit.fullAt != 0 ? unit.fullAt : _commitBy(job, unit) + 1;
    }

    /// @dev Last second in which a unit may still get anywhere: without a commitment there is nothing to reveal.
    function _lastChance(Job storage job, Unit storage unit) internal view returns (uint256) {
        return unit.committed == 0 ? _commitBy(job, unit) : _revealFrom(job, unit) + REVEAL_SECONDS;
    }

    function _currentTurn() internal view returns (uint256) {
        return block.timestamp / TURN_SECONDS;
    }

    function _pageLength(uint256 total, uint256 from, uint256 count) private pure returns (uint256) {
        if (from >= total) return 0;
        return count > total - from ? total - from : count;
    }
}
