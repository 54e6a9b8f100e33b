// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IRenderPool} from "./interfaces/IRenderPool.sol";
import {DrawTree} from "./libraries/DrawTree.sol";
import {Intervals} from "./libraries/Intervals.sol";

/// @title RenderPool, as IRenderPool describes it.
contract RenderPool is IRenderPool, EIP712 {
    using DrawTree for DrawTree.Tree;
    using Intervals for Intervals.List;

    struct Worker {
        bool known;
        bool inPool;
        uint8 backEndClass;
        uint8 tier;
        uint8 capacity;
        uint40 until;
        uint32 sinceTurn;
        uint32 index;
        uint32 weight;
    }

    struct Record {
        uint16 openTasks;
        uint32 acceptedUnits;
        uint32 missed;
        uint32 strikes;
        /// Sums over about the last hundred accepted units; both are halved now and then.
        uint64 kilosamples;
        uint40 seconds_;
        uint16 counted;
    }

    struct Operator {
        uint32 pooled;
        uint32 openTasks;
        uint128 openWei;
    }

    /// @dev One tier of one back end: its tree, whose entry each index is, and indices that are free again.
    struct Shelf {
        DrawTree.Tree tree;
        mapping(uint256 index => address) nodeAt;
        uint32[] free;
        uint32 used;
    }

    /// @dev A draw without replacement: what of the total is still in play.
    struct Draw {
        bytes32 seed;
        bytes32 key;
        uint256 turn;
        uint256 backEndClass;
        uint256 tier;
        uint256 total;
        uint256 tries;
    }

    uint8 private constant RENDER_ROLE = 1;
    uint256 private constant CLASSES = 16;
    uint256 private constant TIERS = 4;
    uint256 private constant MAXIMUM_CAPACITY = 32;
    /// @dev Nodes that one draw looks at for all its places together; beyond that nobody counts as free.
    uint256 private constant MAXIMUM_TRIES = 48;
    /// @dev Until then a node is of the lowest tier, and others render what it renders (PROTOCOL 6.6).
    uint256 private constant PROBATION_UNITS = 20;
    /// @dev Provision for each wei of open work: the inverse of the rate at which work is checked.
    uint256 private constant PROVISION_PER_OPEN_WEI = 10;
    uint256 private constant COUNTED_UNITS = 128;
    uint256 private constant TOKEN = 1e18;
    /// @dev One node weighs at most this many tokens, so that a few cannot fill a tree.
    uint256 private constant MAXIMUM_WEIGHT = 1 << 20;
    bytes32 private constant TAKE_TYPE = keccak256(
        "TakeWork(address node,uint8 backEndClass,uint8 capacity,uint64 until)"
    );
    bytes32 private constant STOP_TYPE = keccak256("StopWork(address node,uint64 until)");

    IRegistry private immutable REGISTRY;
    address private immutable MARKET;
    uint256 private immutable TURN_SECONDS;
    uint256 public immutable override expirySeconds;

    mapping(address node => Worker) private _workers;
    mapping(address node => Record) private _records;
    mapping(address operator => Operator) private _operators;
    address[] private _known;
    mapping(uint256 classAndTier => Shelf) private _shelves;

    constructor(
        IRegistry registry,
        address market,
        uint256 turnSeconds,
        uint256 expirySeconds_
    ) EIP712("Hearth RenderPool", "1") {
        (REGISTRY, MARKET) = (registry, market);
        (TURN_SECONDS, expirySeconds) = (turnSeconds, expirySeconds_);
    }

    modifier onlyMarket() {
        if (msg.sender != MARKET) revert NotRenderMarket(msg.sender);
        _;
    }

    /// @inheritdoc IRenderPool
    function takeWork(
        address node,
        uint8 backEndClass,
        uint8 capacity,
        uint64 until,
        bytes calldata signature
    ) external override {
        if (backEndClass >= CLASSES) revert ClassInvalid(backEndClass);
        if (capacity == 0 || capacity > MAXIMUM_CAPACITY) revert CapacityInvalid(capacity);
        Worker storage worker = _workers[node];
        bool late = until <= block.timestamp || until <= worker.until;
        if (late || until > block.timestamp + expirySeconds) revert UntilInvalid(until);
        _requireSigner(keccak256(abi.encode(TAKE_TYPE, node, backEndClass, capacity, until)), signature, node);
        address operator = REGISTRY.activeOperator(node, RENDER_ROLE);
        (worker.until, worker.capacity) = (uint40(until), capacity);
        uint8 tier = _tierOf(node);
        if (worker.inPool && (worker.backEndClass != backEndClass || worker.tier != tier)) _leave(node, worker);
        if (!worker.inPool) _enter(node, worker, operator, backEndClass, tier);
        _weigh(worker, operator);
        emit WorkTaken(node, operator, backEndClass, tier, worker.weight, until);
    }

    /// @inheritdoc IRenderPool
    function stopWork(address node, bytes calldata signature) external override {
        Worker storage worker = _workers[node];
        if (!worker.inPool) revert NotInPool(node);
        _requireSigner(keccak256(abi.encode(STOP_TYPE, node, worker.until)), signature, node);
        _leave(node, worker);
    }

    /// @inheritdoc IRenderPool
    function evict(address[] calldata nodes) external override {
        for (uint256 i; i < nodes.length; ++i) {
            Worker storage worker = _workers[nodes[i]];
            if (!worker.inPool) revert NotInPool(nodes[i]);
            if (block.timestamp <= worker.until) revert NotExpired(nodes[i], worker.until);
            _leave(nodes[i], worker);
        }
    }

    /// @inheritdoc IRenderPool
    function draw(Request calldata request) external override onlyMarket returns (Drawn[] memory drawn) {
        Draw memory state = _begin(request.seed, request.key, request.backEndClass, request.tier);
        Intervals.List memory seen = Intervals.create(MAXIMUM_TRIES);
        drawn = new Drawn[](request.replicas);
        uint256 found;
        while (found < drawn.length) {
            address node = _next(state, seen);
            if (node == address(0)) return new Drawn[](0);
            address operator = _operatorIfAble(node, request);
            if (operator == address(0) || _holds(drawn, found, operator)) continue;
            drawn[found++] = Drawn(node, operator, false);
        }
        for (uint256 i; i < found; ++i) {
            Operator storage open = _operators[drawn[i].operator];
            drawn[i].first = open.openTasks == 0;
            ++open.openTasks;
            open.openWei += uint128(request.priceWei);
            ++_records[drawn[i].node].openTasks;
        }
    }

    /// @inheritdoc IRenderPool
    function finish(
        address node,
        address operator,
        Outcome outcome,
        uint256 priceWei,
        uint256 kilosamples,
        uint256 seconds_
    ) external override onlyMarket returns (bool idle) {
        Operator storage open = _operators[operator];
        Record storage record = _records[node];
        --record.openTasks;
        --open.openTasks;
        open.openWei -= uint128(priceWei);
        if (outcome == Outcome.Accepted) _count(record, kilosamples, seconds_);
        if (outcome == Outcome.Struck) _strike(node, record);
        if (outcome == Outcome.Missed) {
            ++record.missed;
            _leaveIfIn(node);
        }
        return open.openTasks == 0;
    }

    /// @inheritdoc IRenderPool
    function strike(address node) external override onlyMarket {
        _strike(node, _records[node]);
    }

    /// @inheritdoc IRenderPool
    function drawPanel(
        bytes32 seed,
        bytes32 key,
        uint8 backEndClass,
        uint256 count,
        address[] calldata strangersTo
    ) external view override returns (address[] memory nodes) {
        Draw memory state = _begin(seed, key, backEndClass, 0);
        Intervals.List memory seen = Intervals.create(MAXIMUM_TRIES);
        nodes = new address[](count);
        address[] memory operators = new address[](count + strangersTo.length);
        uint256 held;
        for (; held < strangersTo.length; ++held) operators[held] = strangersTo[held];
        uint256 found;
        while (found < count) {
            address node = _next(state, seen);
            if (node == address(0)) break;
            address operator = _present(node, state.turn);
            if (operator == address(0) || _among(operators, held, operator)) continue;
            operators[held++] = operator;
            nodes[found++] = node;
        }
        assembly ("memory-safe") {
            mstore(nodes, found)
        }
    }

    /// @inheritdoc IRenderPool
    function workerOf(address node) public view override returns (WorkerView memory) {
        Worker storage worker = _workers[node];
        Record storage record = _records[node];
        return
            WorkerView({
                node: node,
                operator: REGISTRY.operatorOf(node),
                inPool: worker.inPool,
                backEndClass: worker.backEndClass,
                tier: _tierOf(node),
                capacity: worker.capacity,
                until: worker.until,
                weight: worker.inPool ? worker.weight : 0,
                openTasks: record.openTasks,
                acceptedUnits: record.acceptedUnits,
                missed: record.missed,
                strikes: record.strikes,
                kilosamplesPerSecond: _speedOf(record)
            });
    }

    /// @inheritdoc IRenderPool
    function workers(uint256 from, uint256 count) external view override returns (WorkerView[] memory page) {
        uint256 total = _known.length;
        if (from >= total) return page;
        if (count > total - from) count = total - from;
        page = new WorkerView[](count);
        for (uint256 i; i < count; ++i) page[i] = workerOf(_known[from + i]);
    }

    /// @inheritdoc IRenderPool
    function weightOf(uint8 backEndClass, uint8 tier) external view override returns (uint256) {
        return _shelf(backEndClass, tier).tree.totalAt(_currentTurn());
    }

    /// @inheritdoc IRenderPool
    function openOf(address operator) external view override returns (uint256, uint256) {
        return (_operators[operator].openTasks, _operators[operator].openWei);
    }

    function _enter(address node, Worker storage worker, address operator, uint8 backEndClass, uint8 tier) private {
        Shelf storage shelf = _shelf(backEndClass, tier);
        uint256 free = shelf.free.length;
        uint32 index;
        if (free == 0) {
            index = shelf.used++;
        } else {
            index = shelf.free[free - 1];
            shelf.free.pop();
        }
        shelf.nodeAt[index] = node;
        (worker.inPool, worker.backEndClass, worker.tier) = (true, backEndClass, tier);
        (worker.index, worker.weight, worker.sinceTurn) = (index, 0, uint32(_currentTurn()));
        ++_operators[operator].pooled;
        if (worker.known) return;
        worker.known = true;
        _known.push(node);
    }

    function _leave(address node, Worker storage worker) private {
        Shelf storage shelf = _shelf(worker.backEndClass, worker.tier);
        shelf.tree.set(worker.index, 0, _currentTurn());
        shelf.free.push(worker.index);
        worker.inPool = false;
        --_operators[REGISTRY.operatorOf(node)].pooled;
        emit WorkStopped(node);
    }

    /// @dev Who missed a time is away, and who was struck must begin again: both come back by `takeWork`.
    function _leaveIfIn(address node) private {
        Worker storage worker = _workers[node];
        if (worker.inPool) _leave(node, worker);
    }

    function _strike(address node, Record storage record) private {
        record.acceptedUnits = 0;
        emit Struck(node, ++record.strikes);
        _leaveIfIn(node);
    }

    /// @dev The operator's provision by the number of his nodes: together they never weigh more than it for longer than
    /// one renewal. Rounded down to whole tokens.
    function _weigh(Worker storage worker, address operator) private {
        uint256 share = REGISTRY.provisionOf(operator, MARKET) / _operators[operator].pooled / TOKEN;
        uint256 minimum = 1 << worker.tier;
        uint256 weight =
            share < minimum
                ? minimum
                : share > MAXIMUM_WEIGHT
                    ? MAXIMUM_WEIGHT
                    : share;
        if (weight == worker.weight) return;
        _shelf(worker.backEndClass, worker.tier).tree.set(worker.index, weight, _currentTurn());
        worker.weight = uint32(weight);
    }

    function _count(Record storage record, uint256 kilosamples, uint256 seconds_) private {
        ++record.acceptedUnits;
        record.kilosamples += uint64(kilosamples);
        record.seconds_ += uint40(seconds_);
        if (++record.counted < COUNTED_UNITS) return;
        (record.kilosamples, record.seconds_, record.counted) = (
            record.kilosamples / 2,
            record.seconds_ / 2,
            uint16(COUNTED_UNITS / 2)
        );
    }

    function _begin(
        bytes32 seed,
        bytes32 key,
        uint256 backEndClass,
        uint256 tier
    ) private view returns (Draw memory state) {
        state = Draw(seed, key, _currentTurn(), backEndClass, tier, 0, 0);
        for (; tier < TIERS; ++tier) state.total += _shelf(backEndClass, tier).tree.totalAt(state.turn);
    }

    /// @dev The next node of a draw, none of them twice; zero when none is left or too many were looked at.
    function _next(Draw memory state, Intervals.List memory seen) private view returns (address node) {
        uint256 left = state.total - seen.covered;
        if (left == 0 || state.tries == MAXIMUM_TRIES) return node;
        uint256 point = uint256(keccak256(abi.encode(state.seed, state.key, state.tries))) % left;
        ++state.tries;
        point = seen.skip(point);
        uint256 start = point;
        for (uint256 tier = state.tier; ; ++tier) {
            Shelf storage shelf = _shelf(state.backEndClass, tier);
            uint256 total = shelf.tree.totalAt(state.turn);
            if (point >= total) {
                point -= total;
                continue;
            }
            (uint256 index, uint256 offset, uint256 weight) = shelf.tree.find(point, state.turn);
            seen.add(start - offset, weight);
            return shelf.nodeAt[index];
        }
    }

    /// @dev The operator of a node that stood in the pool when the turn began, and still may and wants to work; else zero.
    function _present(address node, uint256 turn) private view returns (address) {
        Worker storage worker = _workers[node];
        if (!worker.inPool || worker.sinceTurn == turn || block.timestamp > worker.until) return address(0);
        try REGISTRY.activeOperator(node, RENDER_ROLE) returns (address operator) {
            return operator;
        } catch {
            return address(0);
        }
    }

    function _operatorIfAble(address node, Request calldata request) private view returns (address operator) {
        operator = _present(node, _currentTurn());
        if (operator == address(0)) return operator;
        Record storage record = _records[node];
        if (record.openTasks >= _workers[node].capacity) return address(0);
        bool alone = request.replicas == 1;
        if (alone && record.acceptedUnits < PROBATION_UNITS) return address(0);
        Operator storage open = _operators[operator];
        uint256 needed = (open.openWei + request.priceWei) * PROVISION_PER_OPEN_WEI;
        if (REGISTRY.provisionOf(operator, MARKET) >= needed) return operator;
        return alone || request.tier != 0 || open.openTasks != 0 ? address(0) : operator;
    }

    function _tierOf(address node) private view returns (uint8) {
        Record storage record = _records[node];
        if (record.acceptedUnits < PROBATION_UNITS) return 0;
        uint256 speed = _speedOf(record);
        if (speed >= 100_000) return 3;
        if (speed >= 10_000) return 2;
        return speed >= 1_000 ? 1 : 0;
    }

    /// @dev A unit that took no second counts as if it took one.
    function _speedOf(Record storage record) private view returns (uint256) {
        return record.kilosamples / (record.seconds_ == 0 ? 1 : record.seconds_);
    }

    function _shelf(uint256 backEndClass, uint256 tier) private view returns (Shelf storage) {
        return _shelves[backEndClass * TIERS + tier];
    }

    function _currentTurn() private view returns (uint256) {
        return block.timestamp / TURN_SECONDS;
    }

    function _holds(Drawn[] memory drawn, uint256 count, address operator) private pure returns (bool) {
        for (uint256 i; i < count; ++i) if (drawn[i].operator == operator) return true;
        return false;
    }

    function _among(address[] memory operators, uint256 count, address operator) private pure returns (bool) {
        for (uint256 i; i < count; ++i) if (operators[i] == operator) return true;
        return false;
    }

    function _requireSigner(bytes32 structHash, bytes calldata signature, address node) private view {
        (address signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (signer != node || signer == address(0)) revert ConsentInvalid(node, signer);
    }
}
