// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {StorageMarketViews} from "./base/StorageMarketViews.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISeeds} from "./interfaces/ISeeds.sol";
import {IStorageMarket} from "./interfaces/IStorageMarket.sol";
import {DataSets} from "./libraries/DataSets.sol";
import {Possession} from "./libraries/Possession.sol";

/// @title StorageMarket, as IStorageMarket describes it.
contract StorageMarket is StorageMarketViews, EIP712 {
    using DataSets for DataSets.Set;

    uint8 private constant STORAGE_ROLE = 0;
    /// @dev Periods that must be paid in advance when pieces are accepted (PROTOCOL 5.6).
    uint256 private constant MINIMUM_PERIODS = 30;
    bytes32 private constant ACCEPTANCE_TYPE = keccak256(
        "PieceAcceptance(address customer,address node,bytes32 piecesHash,uint96 pricePerGiBPeriodWei,uint64 retrievalPricePerMiBWei,uint40 minimumBytesPerSecond,uint32 sequence,uint64 expiry)"
    );
    bytes32 private constant DEPARTURE_TYPE = keccak256(
        "Departure(address customer,address node,address heir,uint32 sequence,uint64 expiry)"
    );

    address private immutable REPAIR_FUND;

    constructor(
        IRegistry registry,
        ISeeds seeds,
        IPayments payments,
        address repairFund,
        Timing memory timing_
    ) StorageMarketViews(registry, seeds, payments, timing_) EIP712("Hearth StorageMarket", "1") {
        REPAIR_FUND = repairFund;
    }

    modifier onlyRepairFund() {
        if (msg.sender != REPAIR_FUND) revert NotRepairFund(msg.sender);
        _;
    }

    /// @inheritdoc IStorageMarket
    function addPieces(
        address node,
        Piece[] calldata pieces,
        Acceptance calldata acceptance,
        bytes calldata signature,
        uint256 depositWei
    ) external override {
        uint256 rate = _add(msg.sender, node, pieces, acceptance, signature);
        bytes32 setId = setIdOf(msg.sender, node);
        if (depositWei != 0) PAYMENTS.fundEscrow(msg.sender, setId, depositWei);
        _requireEscrow(setId, rate);
    }

    /// @inheritdoc IStorageMarket
    function addPiecesFor(
        address customer,
        address node,
        Piece[] calldata pieces,
        Acceptance calldata acceptance,
        bytes calldata signature
    ) external override onlyRepairFund {
        uint256 rate = _add(customer, node, pieces, acceptance, signature);
        _requireEscrow(setIdOf(customer, node), rate);
    }

    /// @inheritdoc IStorageMarket
    function takeLost(
        address customer,
        address node,
        uint256[] calldata indices
    ) external override onlyRepairFund returns (Piece[] memory pieces) {
        DataSets.Set storage set = _sets[setIdOf(customer, node)];
        _requireActive(set, customer, node);
        _requireLost(set, customer, node);
        pieces = new Piece[](indices.length);
        for (uint256 i; i < indices.length; ++i) {
            (uint256 lengthBytes, ) = set.lengthAt(indices[i]);
            pieces[i] = Piece(set.roots[indices[i]], uint32(lengthBytes));
        }
        _remove(set, customer, node, indices);
    }

    /// @inheritdoc IStorageMarket
    function topUp(address customer, address node, uint256 amount) external override {
        bytes32 setId = setIdOf(customer, node);
        _requireActive(_sets[setId], customer, node);
        PAYMENTS.fundEscrow(msg.sender, setId, amount);
    }

    /// @inheritdoc IStorageMarket
    function removePieces(address node, uint256[] calldata indices) external override {
        DataSets.Set storage set = _sets[setIdOf(msg.sender, node)];
        _requireActive(set, msg.sender, node);
        _remove(set, msg.sender, node, indices);
    }

    /// @inheritdoc IStorageMarket
    function drop(address node) external override {
        DataSets.Set storage set = _sets[setIdOf(msg.sender, node)];
        _requireActive(set, msg.sender, node);
        uint256 current = _currentPeriod();
        _settle(set, current);
        set.beginChange(current);
        (set.leafCount, set.rateWei, set.state) = (0, 0, DataSets.State.Dropping);
        emit SetDropped(msg.sender, node, current);
    }

    /// @inheritdoc IStorageMarket
    function finish(address customer, address node) external override {
        bytes32 setId = setIdOf(customer, node);
        DataSets.Set storage set = _sets[setId];
        if (set.state != DataSets.State.Dropping) revert SetNotActive(customer, node, set.state);
        uint256 current = _currentPeriod();
        if (current <= set.changePeriod) revert StillOwed(set.changePeriod);
        _settle(set, current);
        // A set ends with clean books: a last fault that is not decided yet could no longer be booked (PROTOCOL 3.2).
        if (set.settledThrough < set.changePeriod) revert StillOwed(set.changePeriod);
        _end(set);
        PAYMENTS.refundEscrow(setId, customer);
    }

    /// @inheritdoc IStorageMarket
    function handOver(Handover calldata handover) external override {
        Departure calldata departure = handover.departure;
        bytes32 setId = setIdOf(departure.customer, departure.node);
        DataSets.Set storage set = _sets[setId];
        _requireActive(set, departure.customer, departure.node);
        _requireDeparture(set, departure);
        uint256 current = _currentPeriod();
        _settle(set, current);
        set.beginChange(current);
        (uint256 leavesBefore, uint256 freedWei) = (set.leafCount, set.rateWei);
        set.takePieces(handover.first, handover.pieces);
        bytes32 heirId = _addToHeir(handover, setId, freedWei - set.rateWei);
        _moveShare(set, setId, heirId, leavesBefore, current);
        emit HandedOver(departure.customer, departure.node, departure.heir, handover.first, handover.pieces.length);
        if (set.leafCount == 0) {
            (set.state, set.sequence) = (DataSets.State.Dropping, set.sequence + 1);
            emit SetDropped(departure.customer, departure.node, current);
        }
    }

    /// @inheritdoc IStorageMarket
    function forfeit(Departure calldata departure) external override {
        bytes32 setId = setIdOf(departure.customer, departure.node);
        DataSets.Set storage set = _sets[setId];
        _requireActive(set, departure.customer, departure.node);
        _requireDeparture(set, departure);
        uint256 current = _currentPeriod();
        _settle(set, current);
        _bookFault(set, current);
        ++set.sequence;
        _end(set);
        PAYMENTS.refundEscrow(setId, departure.customer);
    }

    /// @inheritdoc IStorageMarket
    function provePossession(address customer, address node, uint256 period, bytes calldata proofs) external override {
        bytes32 seed = _seedForProof(period);
        bytes32 setId = setIdOf(customer, node);
        DataSets.Set storage set = _sets[setId];
        if (set.lastProven == period) revert AlreadyProven(period);
        _prove(set, setId, customer, node, period, seed, proofs);
    }

    /// @inheritdoc IStorageMarket
    function proveMany(address node, uint256 period, SetProof[] calldata sets) external override {
        bytes32 seed = _seedForProof(period);
        for (uint256 i; i < sets.length; ++i) {
            address customer = sets[i].customer;
            bytes32 setId = setIdOf(customer, node);
            DataSets.Set storage set = _sets[setId];
            if (set.lastProven == period) continue;
            _prove(set, setId, customer, node, period, seed, sets[i].proofs);
        }
    }

    /// @inheritdoc IStorageMarket
    function settle(address customer, address node) external override {
        DataSets.Set storage set = _sets[setIdOf(customer, node)];
        if (set.customer == address(0)) revert SetUnknown(customer, node);
        if (set.state != DataSets.State.Ended) _settle(set, _currentPeriod());
    }

    /// @inheritdoc IStorageMarket
    function clear(address customer, address node, uint256 count) external override {
        DataSets.Set storage set = _sets[setIdOf(customer, node)];
        if (set.state != DataSets.State.Ended) revert SetNotActive(customer, node, set.state);
        uint256 possibleAt = set.endedAt + DELETE_DELAY_SECONDS;
        if (block.timestamp < possibleAt) revert TooEarlyToClear(possibleAt);
        if (set.forgetPieces(count) != 0) return;
        // Sequence and faults stay: an old acceptance must not count again, and a new start forgives nothing.
        (set.levels, set.pendingRemovals, set.state) = (0, 0, DataSets.State.None);
        (set.leafCount, set.frozenLeafCount, set.rateWei, set.frozenRateWei) = (0, 0, 0, 0);
        emit RecordsCleared(customer, node);
    }

    function _add(
        address customer,
        address node,
        Piece[] calldata pieces,
        Acceptance calldata acceptance,
        bytes calldata signature
    ) private returns (uint256) {
        if (pieces.length == 0) revert NoPieces();
        bytes32 setId = setIdOf(customer, node);
        DataSets.Set storage set = _sets[setId];
        if (acceptance.sequence != set.sequence) revert SequenceWrong(acceptance.sequence, set.sequence);
        if (block.timestamp > acceptance.expiry) revert AcceptanceExpired(acceptance.expiry);
        bytes32 structHash = _acceptanceHash(customer, node, keccak256(abi.encode(pieces)), acceptance);
        _requireSigner(structHash, signature, node);
        _prepare(set, setId, customer, node);
        return _append(set, customer, node, pieces, acceptance);
    }

    function _acceptanceHash(
        address customer,
        address node,
        bytes32 piecesHash,
        Acceptance calldata acceptance
    ) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    ACCEPTANCE_TYPE,
                    customer,
                    node,
                    piecesHash,
                    acceptance.pricePerGiBPeriodWei,
                    acceptance.retrievalPricePerMiBWei,
                    acceptance.minimumBytesPerSecond,
                    acceptance.sequence,
                    acceptance.expiry
                )
            );
    }

    function _requireEscrow(bytes32 setId, uint256 rate) private view {
        uint256 escrow = PAYMENTS.escrowOf(address(this), setId);
        if (escrow == 0 || escrow < rate * MINIMUM_PERIODS) revert EscrowTooSmall(escrow, rate * MINIMUM_PERIODS);
    }

    function _remove(DataSets.Set storage set, address customer, address node, uint256[] calldata indices) private {
        uint256 current = _currentPeriod();
        _settle(set, current);
        set.beginChange(current);
        for (uint256 i; i < indices.length; ++i) {
            set.removePiece(indices[i]);
            emit PieceRemoved(customer, node, indices[i]);
        }
    }

    /// @dev Who leaves signs for the set as it is: the signature is worth nothing once the set has ended or begun anew.
    function _requireDeparture(DataSets.Set storage set, Departure calldata departure) private view {
        if (block.timestamp > departure.expiry) revert AcceptanceExpired(departure.expiry);
        bytes32 structHash = keccak256(
            abi.encode(
                DEPARTURE_TYPE,
                departure.customer,
                departure.node,
                departure.heir,
                set.sequence,
                departure.expiry
            )
        );
        _requireSigner(structHash, departure.signature, departure.node);
    }

    function _requireSigner(bytes32 structHash, bytes calldata signature, address node) private view {
        (address signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (signer != node || signer == address(0)) revert AcceptanceInvalid(node, signer);
    }

    /// @dev One heir for all of a set, who holds nothing of the customer yet: two pieces of one segment must not meet.
    function _nameHeir(bytes32 setId, bytes32 heirId, address heir) private {
        address named = _heirs[setId];
        if (named == heir) return;
        if (named != address(0) || _sets[heirId].customer != address(0)) revert HeirNotFree(heir);
        _heirs[setId] = heir;
    }

    function _addToHeir(Handover calldata handover, bytes32 setId, uint256 freedWei) private returns (bytes32 heirId) {
        (address customer, address heir) = (handover.departure.customer, handover.departure.heir);
        heirId = setIdOf(customer, heir);
        _nameHeir(setId, heirId, heir);
        _requireNoDearer(handover.acceptance.retrievalPricePerMiBWei, _sets[setId].retrievalPricePerMiBWei);
        uint256 allowed = _sets[heirId].rateWei + freedWei;
        uint256 rate = _add(customer, heir, handover.pieces, handover.acceptance, handover.heirSignature);
        // Removal and addition round differently, by less than a wei a piece: that much is taken off the heir's rate.
        _requireNoDearer(rate, allowed + handover.pieces.length);
        if (rate > allowed) _sets[heirId].rateWei = uint80(allowed);
    }

    function _requireNoDearer(uint256 priceWei, uint256 mostWei) private pure {
        if (priceWei > mostWei) revert HeirTooDear(priceWei, mostWei);
    }

    /// @dev Moves the escrow's share of the leaves that went, rounded down against the heir. The pay of the period that
    /// runs stays with the one who leaves.
    function _moveShare(
        DataSets.Set storage set,
        bytes32 setId,
        bytes32 heirId,
        uint256 leavesBefore,
        uint256 current
    ) private {
        uint256 escrow = PAYMENTS.escrowOf(address(this), setId);
        uint256 owed = set.lastProven == current ? 0 : set.frozenRateWei;
        if (escrow <= owed) revert EscrowTooSmall(escrow, owed);
        uint256 share = ((escrow - owed) * (leavesBefore - set.leafCount)) / leavesBefore;
        PAYMENTS.moveEscrow(setId, address(this), heirId, share);
    }

    /// @dev Lost is what owed a proof in both of the last two periods and gave none. Periods that are void or still open
    /// to doubt do not count.
    function _requireLost(DataSets.Set storage set, address customer, address node) private view {
        uint256 current = _currentPeriod();
        if (
            uint256(set.firstPeriod) + 2 > current ||
            uint256(set.lastProven) + 2 >= current ||
            _outcomeOfMissed(current - 2) != Outcome.Fault ||
            _outcomeOfMissed(current - 1) != Outcome.Fault
        ) {
            revert SetNotLost(customer, node);
        }
    }

    /// @dev Creates the set or settles what is over, so that a change starts from clean books.
    function _prepare(DataSets.Set storage set, bytes32 setId, address customer, address node) private {
        uint256 current = _currentPeriod();
        address operator = REGISTRY.activeOperator(node, STORAGE_ROLE);
        if (set.state == DataSets.State.None) {
            if (set.customer == address(0)) {
                (set.customer, set.node) = (customer, node);
                _setsOfNode[node].push(setId);
                _setsOfCustomer[customer].push(setId);
            }
            delete _heirs[setId];
            (set.operator, set.state, set.changePeriod) = (operator, DataSets.State.Active, uint32(current));
            REGISTRY.workBegan(operator);
            emit SetCreated(setId, customer, node, operator);
        }
        _requireActive(set, customer, node);
        _settle(set, current);
        set.beginChange(current);
        if (set.leafCount == 0) (set.firstPeriod, set.settledThrough) = (uint32(current + 1), uint32(current));
    }

    function _append(
        DataSets.Set storage set,
        address customer,
        address node,
        Piece[] calldata pieces,
        Acceptance calldata acceptance
    ) private returns (uint256 rate) {
        uint256 first = set.pieceCount;
        uint256 leaves;
        for (uint256 i; i < pieces.length; ++i) {
            leaves += set.appendPiece(first + i, pieces[i].root, pieces[i].lengthBytes);
        }
        set.pieceCount = uint32(first + pieces.length);
        set.sequence = acceptance.sequence + 1;
        set.pricePerGiBPeriodWei = acceptance.pricePerGiBPeriodWei;
        set.retrievalPricePerMiBWei = acceptance.retrievalPricePerMiBWei;
        rate = set.addFigures(leaves, acceptance.pricePerGiBPeriodWei);
        emit PiecesAdded(customer, node, first, pieces, acceptance);
    }

    function _prove(
        DataSets.Set storage set,
        bytes32 setId,
        address customer,
        address node,
        uint256 period,
        bytes32 seed,
        bytes calldata proofs
    ) private {
        if (set.state != DataSets.State.Active && set.state != DataSets.State.Dropping) {
            revert SetNotActive(customer, node, set.state);
        }
        set.applyRemovals(period);
        (uint256 leafCount, uint256 rate) = set.frozenAt(period);
        if (leafCount == 0) revert NothingToProve(period);
        if (uint256(set.settledThrough) + 1 < period) _settle(set, period);
        Possession.verify(set.tree, set.roots, set.levels, Possession.Draw(seed, setId, period, leafCount), proofs);
        set.lastProven = uint32(period);
        set.settledThrough = uint32(period);
        (uint256 paid, uint256 left) = PAYMENTS.payFromEscrow(setId, set.operator, node, customer, rate);
        emit PossessionProven(customer, node, period, paid);
        if (left == 0) _end(set);
    }

    /// @dev Books each unproven period that is over and decided; the first is the one after a set's pieces were first added. All of them are unproven, since a proof settles what
    /// lies before it. Older ones than the fault window lapse, so the loop is bounded.
    function _settle(DataSets.Set storage set, uint256 current) private {
        uint256 period = uint256(set.settledThrough) + 1;
        if (current > FAULT_WINDOW_PERIODS && period < current - FAULT_WINDOW_PERIODS) {
            period = current - FAULT_WINDOW_PERIODS;
        }
        uint256 settled = period - 1;
        for (; period < current; ++period) {
            Outcome outcome = _outcomeOfMissed(period);
            if (outcome == Outcome.Undecided) break;
            if (outcome == Outcome.Fault) _bookFault(set, period);
            settled = period;
        }
        if (settled > set.settledThrough) set.settledThrough = uint32(settled);
    }

    function _bookFault(DataSets.Set storage set, uint256 period) private {
        (uint256 leafCount, uint256 rate) = set.frozenAt(period);
        // Work that was not there or not paid for in full is not owed.
        if (leafCount == 0) return;
        if (PAYMENTS.escrowOf(address(this), setIdOf(set.customer, set.node)) < rate) return;
        uint256 slashed;
        uint256 before = set.faultBefore;
        if (before != 0 && period < before + FAULT_WINDOW_PERIODS) slashed = REGISTRY.slash(set.node);
        (set.faultBefore, set.lastFault, set.faults) = (set.lastFault, uint32(period), set.faults + 1);
        emit PeriodMissed(set.customer, set.node, period, slashed);
    }

    function _end(DataSets.Set storage set) private {
        set.state = DataSets.State.Ended;
        set.endedAt = uint40(block.timestamp);
        REGISTRY.workEnded(set.operator);
        emit SetEnded(set.customer, set.node);
    }

    function _requireActive(DataSets.Set storage set, address customer, address node) private view {
        if (set.state != DataSets.State.Active) revert SetNotActive(customer, node, set.state);
    }
}
