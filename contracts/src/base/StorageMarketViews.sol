// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "../interfaces/IPayments.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {ISeeds} from "../interfaces/ISeeds.sol";
import {IStorageMarket} from "../interfaces/IStorageMarket.sol";
import {DataSets} from "../libraries/DataSets.sol";
import {Possession} from "../libraries/Possession.sol";
import {SumTree} from "../libraries/SumTree.sol";

/// @title State, clock and readers of the storage market.
abstract contract StorageMarketViews is IStorageMarket {
    using DataSets for DataSets.Set;
    using SumTree for SumTree.Tree;

    /// @dev What became of a period that ended without a proof.
    enum Outcome {
        Undecided,
        Void,
        Fault
    }

    IRegistry internal immutable REGISTRY;
    ISeeds internal immutable SEEDS;
    IPayments internal immutable PAYMENTS;
    uint256 internal immutable PERIOD_SECONDS;
    uint256 internal immutable SLOTS_PER_PERIOD;
    uint256 internal immutable SEED_GAP_SECONDS;
    uint256 internal immutable FAULT_WINDOW_PERIODS;
    uint256 internal immutable DELETE_DELAY_SECONDS;

    mapping(bytes32 setId => DataSets.Set) internal _sets;
    mapping(bytes32 setId => address) internal _heirs;
    mapping(address node => bytes32[]) internal _setsOfNode;
    mapping(address customer => bytes32[]) internal _setsOfCustomer;

    constructor(IRegistry registry, ISeeds seeds, IPayments payments, Timing memory timing_) {
        (REGISTRY, SEEDS, PAYMENTS) = (registry, seeds, payments);
        PERIOD_SECONDS = timing_.periodSeconds;
        SLOTS_PER_PERIOD = timing_.slotsPerPeriod;
        SEED_GAP_SECONDS = timing_.seedGapSeconds;
        FAULT_WINDOW_PERIODS = timing_.faultWindowPeriods;
        DELETE_DELAY_SECONDS = timing_.deleteDelaySeconds;
    }

    /// @inheritdoc IStorageMarket
    function timing() external view override returns (Timing memory) {
        return Timing(PERIOD_SECONDS, SLOTS_PER_PERIOD, SEED_GAP_SECONDS, FAULT_WINDOW_PERIODS, DELETE_DELAY_SECONDS);
    }

    /// @inheritdoc IStorageMarket
    function setIdOf(address customer, address node) public pure override returns (bytes32) {
        return keccak256(abi.encode(customer, node));
    }

    /// @inheritdoc IStorageMarket
    function dataSet(address customer, address node) external view override returns (SetView memory) {
        bytes32 setId = setIdOf(customer, node);
        if (_sets[setId].customer == address(0)) revert SetUnknown(customer, node);
        return _view(setId);
    }

    /// @inheritdoc IStorageMarket
    function dataSetCountOfNode(address node) external view override returns (uint256) {
        return _setsOfNode[node].length;
    }

    /// @inheritdoc IStorageMarket
    function dataSetCountOfCustomer(address customer) external view override returns (uint256) {
        return _setsOfCustomer[customer].length;
    }

    /// @inheritdoc IStorageMarket
    function dataSetsOfNode(
        address node,
        uint256 from,
        uint256 count
    ) external view override returns (SetView[] memory) {
        return _page(_setsOfNode[node], from, count);
    }

    /// @inheritdoc IStorageMarket
    function dataSetsOfCustomer(
        address customer,
        uint256 from,
        uint256 count
    ) external view override returns (SetView[] memory) {
        return _page(_setsOfCustomer[customer], from, count);
    }

    /// @inheritdoc IStorageMarket
    function piecesOf(
        address customer,
        address node,
        uint256 from,
        uint256 count
    ) external view override returns (PieceView[] memory page) {
        DataSets.Set storage set = _sets[setIdOf(customer, node)];
        uint256 total = set.pieceCount;
        if (from >= total) return page;
        if (count > total - from) count = total - from;
        page = new PieceView[](count);
        bool effective = _currentPeriod() > set.changePeriod;
        for (uint256 i; i < count; ++i) {
            (uint256 lengthBytes, bool removed) = set.lengthAt(from + i);
            uint256 leaves = removed && effective ? 0 : set.tree.countAt(from + i);
            page[i] = PieceView(set.roots[from + i], lengthBytes, leaves, removed);
        }
    }

    /// @inheritdoc IStorageMarket
    function termsOf(address customer, address node) external view override returns (uint96, uint64) {
        DataSets.Set storage set = _sets[setIdOf(customer, node)];
        return (set.pricePerGiBPeriodWei, set.retrievalPricePerMiBWei);
    }

    /// @inheritdoc IStorageMarket
    function heirOf(address customer, address node) external view override returns (address) {
        return _heirs[setIdOf(customer, node)];
    }

    /// @inheritdoc IStorageMarket
    function rateOf(bytes32 setId) external view override returns (uint256) {
        return _sets[setId].rateWei;
    }

    /// @inheritdoc IStorageMarket
    function challengesOf(
        address customer,
        address node,
        uint256 period
    ) external view override returns (uint256[] memory leaves) {
        bytes32 setId = setIdOf(customer, node);
        (uint256 leafCount, ) = _sets[setId].frozenAt(period);
        if (leafCount == 0) revert NothingToProve(period);
        uint256 slot = period * SLOTS_PER_PERIOD;
        (bytes32 seed, uint256 capturedAt) = SEEDS.seedOf(slot);
        if (capturedAt == 0) revert SeedMissing(slot);
        leaves = new uint256[](Possession.CHALLENGES);
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = Possession.challenge(seed, setId, period, i, leafCount);
        }
    }

    function _currentPeriod() internal view returns (uint256) {
        return block.timestamp / PERIOD_SECONDS;
    }

    /// @dev Seed of the current period; a proof counts from the capture to the end of the period.
    function _seedForProof(uint256 period) internal view returns (bytes32 seed) {
        uint256 current = _currentPeriod();
        if (period != current) revert PeriodNotCurrent(period, current);
        uint256 slot = period * SLOTS_PER_PERIOD;
        uint256 capturedAt;
        (seed, capturedAt) = SEEDS.seedOf(slot);
        if (capturedAt == 0) revert SeedMissing(slot);
        if (capturedAt > period * PERIOD_SECONDS + SEED_GAP_SECONDS) revert PeriodVoid(period, capturedAt);
    }

    /// @dev A period is void when its own seed or the next period's came too late: the chain was not usable then, and
    /// nobody must pay for that. The second is open until the next period's seed is there or late.
    function _outcomeOfMissed(uint256 period) internal view returns (Outcome) {
        if (_seedWasLate(period)) return Outcome.Void;
        uint256 next = period + 1;
        if (
            SEEDS.capturedAt(next * SLOTS_PER_PERIOD) == 0 &&
            block.timestamp <= next * PERIOD_SECONDS + SEED_GAP_SECONDS
        ) {
            return Outcome.Undecided;
        }
        return _seedWasLate(next) ? Outcome.Void : Outcome.Fault;
    }

    function _seedWasLate(uint256 period) private view returns (bool) {
        uint256 capturedAt = SEEDS.capturedAt(period * SLOTS_PER_PERIOD);
        return capturedAt == 0 || capturedAt > period * PERIOD_SECONDS + SEED_GAP_SECONDS;
    }

    function _page(bytes32[] storage ids, uint256 from, uint256 count) private view returns (SetView[] memory page) {
        uint256 total = ids.length;
        if (from >= total) return page;
        if (count > total - from) count = total - from;
        page = new SetView[](count);
        for (uint256 i; i < count; ++i) {
            page[i] = _view(ids[from + i]);
        }
    }

    function _view(bytes32 setId) private view returns (SetView memory) {
        DataSets.Set storage set = _sets[setId];
        (uint256 frozenLeafCount, uint256 frozenRate) = set.frozenAt(_currentPeriod());
        return
            SetView({
                setId: setId,
                customer: set.customer,
                node: set.node,
                operator: set.operator,
                state: set.state,
                pieceCount: set.pieceCount,
                leafCount: set.leafCount,
                frozenLeafCount: frozenLeafCount,
                rateWei: set.rateWei,
                frozenRateWei: frozenRate,
                escrowWei: PAYMENTS.escrowOf(address(this), setId),
                lastProven: set.lastProven,
                firstPeriod: set.firstPeriod,
                faults: set.faults,
                sequence: set.sequence,
                endedAt: set.endedAt
            });
    }
}
