// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayments} from "./interfaces/IPayments.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {IRepairFund} from "./interfaces/IRepairFund.sol";
import {IStorageMarket} from "./interfaces/IStorageMarket.sol";

/// @title RepairFund, as IRepairFund describes it.
/// @dev Holds no tokens: budgets and open fees are its escrow in `Payments`, each under an id of its own.
contract RepairFund is IRepairFund {
    struct Naming {
        Terms terms;
        uint40 endsAt;
        uint32 spentPeriod;
        uint128 spentWei;
        /// Place in the customer's list, plus one.
        uint32 place;
    }

    /// @dev What one repair moves.
    struct Work {
        uint256 pieces;
        uint256 leaves;
        uint256 addedRate;
    }

    uint8 private constant STORAGE_ROLE = 0;
    uint256 private constant MINIMUM_PERIODS = 30;
    uint256 private constant NOTICE_PERIODS = 2;
    /// @dev Periods after which a fee without a proof goes back.
    uint256 private constant PROOF_PERIODS = 5;
    /// @dev 2^25 leaves of 32 bytes are one GiB.
    uint256 private constant LEAVES_PER_GIB_BITS = 25;

    IRegistry private immutable REGISTRY;
    IPayments private immutable PAYMENTS;
    IStorageMarket private immutable MARKET;
    uint256 private immutable PERIOD_SECONDS;

    mapping(address customer => mapping(address repairer => Naming)) private _namings;
    mapping(address customer => address[]) private _repairers;
    mapping(bytes32 feeId => uint256) private _repairedAt;

    constructor(IRegistry registry, IPayments payments, IStorageMarket market, uint256 periodSeconds) {
        (REGISTRY, PAYMENTS, MARKET, PERIOD_SECONDS) = (registry, payments, market, periodSeconds);
    }

    /// @inheritdoc IRepairFund
    function name(address repairer, Terms calldata terms, uint256 budgetWei) external override {
        if (budgetWei == 0) revert BudgetMissing();
        if (terms.expiry <= block.timestamp) revert ExpiryPassed(terms.expiry);
        Naming storage naming = _namings[msg.sender][repairer];
        if (naming.endsAt != 0) revert NamedAlready(msg.sender, repairer);
        REGISTRY.activeOperator(repairer, STORAGE_ROLE);
        _repairers[msg.sender].push(repairer);
        (naming.terms, naming.endsAt) = (terms, terms.expiry);
        (naming.spentPeriod, naming.spentWei) = (0, 0);
        naming.place = uint32(_repairers[msg.sender].length);
        emit RepairerNamed(msg.sender, repairer, terms, budgetWei);
        PAYMENTS.fundEscrow(msg.sender, _budgetId(msg.sender, repairer), budgetWei);
    }

    /// @inheritdoc IRepairFund
    function topUp(address customer, address repairer, uint256 amountWei) external override {
        _requireNamed(customer, repairer);
        PAYMENTS.fundEscrow(msg.sender, _budgetId(customer, repairer), amountWei);
    }

    /// @inheritdoc IRepairFund
    function end(address repairer) external override {
        Naming storage naming = _requireNamed(msg.sender, repairer);
        uint256 endsAt = block.timestamp + NOTICE_PERIODS * PERIOD_SECONDS;
        if (naming.endsAt <= endsAt) revert EndingAlready(naming.endsAt);
        naming.endsAt = uint40(endsAt);
        emit RepairerEnding(msg.sender, repairer, endsAt);
    }

    /// @inheritdoc IRepairFund
    function takeBack(address customer, address repairer) external override {
        Naming storage naming = _namings[customer][repairer];
        uint256 endsAt = naming.endsAt;
        if (endsAt == 0) revert NotNamed(customer, repairer);
        if (block.timestamp < endsAt) revert StillNamed(endsAt);
        address[] storage list = _repairers[customer];
        address last = list[list.length - 1];
        list[naming.place - 1] = last;
        _namings[customer][last].place = naming.place;
        list.pop();
        naming.endsAt = 0;
        emit BudgetTakenBack(customer, repairer, PAYMENTS.refundEscrow(_budgetId(customer, repairer), customer));
    }

    /// @inheritdoc IRepairFund
    function repair(
        address customer,
        address node,
        Lost[] calldata lost,
        IStorageMarket.Acceptance calldata acceptance,
        bytes calldata signature
    ) external override {
        Naming storage naming = _requireNamed(customer, msg.sender);
        _requireStranger(node);
        _requirePrices(naming.terms, acceptance);
        (IStorageMarket.Piece[] memory pieces, uint256 leaves) = _takeLost(customer, lost);
        uint256 addedRate = (leaves * acceptance.pricePerGiBPeriodWei) >> LEAVES_PER_GIB_BITS;
        _pay(naming, customer, node, Work(pieces.length, leaves, addedRate));
        MARKET.addPiecesFor(customer, node, pieces, acceptance, signature);
    }

    /// @inheritdoc IRepairFund
    function settleFee(address customer, address repairer, address node) external override {
        bytes32 feeId = _feeId(customer, repairer, node);
        uint256 fee = PAYMENTS.escrowOf(address(this), feeId);
        if (fee == 0) revert NoFee(node);
        uint256 period = _repairedAt[feeId];
        if (MARKET.dataSet(customer, node).lastProven > period) {
            PAYMENTS.payFromEscrow(feeId, REGISTRY.operatorOf(repairer), repairer, customer, fee);
            emit FeeSettled(customer, repairer, node, fee, 0);
            return;
        }
        if (_currentPeriod() <= period + PROOF_PERIODS) revert FeeNotDue(node);
        PAYMENTS.refundEscrow(feeId, customer);
        emit FeeSettled(customer, repairer, node, 0, fee);
    }

    /// @inheritdoc IRepairFund
    function noticeSeconds() external view override returns (uint256) {
        return NOTICE_PERIODS * PERIOD_SECONDS;
    }

    /// @inheritdoc IRepairFund
    function namingOf(address customer, address repairer) external view override returns (NamingView memory) {
        Naming storage naming = _namings[customer][repairer];
        uint256 budget = PAYMENTS.escrowOf(address(this), _budgetId(customer, repairer));
        uint256 spent = naming.spentPeriod == _currentPeriod() ? naming.spentWei : 0;
        return NamingView(naming.terms, naming.endsAt, budget, spent);
    }

    /// @inheritdoc IRepairFund
    function repairersOf(address customer) external view override returns (address[] memory) {
        return _repairers[customer];
    }

    /// @inheritdoc IRepairFund
    function openFeeOf(
        address customer,
        address repairer,
        address node
    ) external view override returns (uint256, uint256) {
        bytes32 feeId = _feeId(customer, repairer, node);
        return (PAYMENTS.escrowOf(address(this), feeId), _repairedAt[feeId]);
    }

    function _takeLost(
        address customer,
        Lost[] calldata lost
    ) private returns (IStorageMarket.Piece[] memory pieces, uint256 leaves) {
        uint256 count;
        for (uint256 i; i < lost.length; ++i) count += lost[i].indices.length;
        pieces = new IStorageMarket.Piece[](count);
        uint256 next;
        for (uint256 i; i < lost.length; ++i) {
            IStorageMarket.Piece[] memory taken = MARKET.takeLost(customer, lost[i].node, lost[i].indices);
            for (uint256 j; j < taken.length; ++j) {
                leaves += (uint256(taken[j].lengthBytes) + 31) >> 5;
                pieces[next++] = taken[j];
            }
        }
    }

    /// @dev What the set lacks for its minimum of periods at its new rate, and never nothing for an empty escrow.
    function _depositOf(bytes32 setId, uint256 addedRate) private view returns (uint256) {
        uint256 escrow = PAYMENTS.escrowOf(address(MARKET), setId);
        uint256 needed = (MARKET.rateOf(setId) + addedRate) * MINIMUM_PERIODS;
        if (needed == 0) needed = 1;
        return needed > escrow ? needed - escrow : 0;
    }

    function _spend(Naming storage naming, uint256 amount) private {
        uint256 period = _currentPeriod();
        uint256 spent = amount + (naming.spentPeriod == period ? naming.spentWei : 0);
        uint256 cap = naming.terms.spendCapPerPeriodWei;
        if (spent > cap) revert SpendAboveCap(spent, cap);
        (naming.spentPeriod, naming.spentWei) = (uint32(period), uint128(spent));
    }

    function _pay(Naming storage naming, address customer, address node, Work memory work) private {
        bytes32 setId = MARKET.setIdOf(customer, node);
        uint256 deposit = _depositOf(setId, work.addedRate);
        uint256 fee = work.pieces * naming.terms.feePerPieceWei;
        fee += (work.leaves * naming.terms.feePerGiBWei) >> LEAVES_PER_GIB_BITS;
        _spend(naming, deposit + fee);
        bytes32 budgetId = _budgetId(customer, msg.sender);
        bytes32 feeId = _feeId(customer, msg.sender, node);
        _repairedAt[feeId] = _currentPeriod();
        emit Repaired(customer, msg.sender, node, work.pieces, deposit, fee);
        PAYMENTS.moveEscrow(budgetId, address(MARKET), setId, deposit);
        PAYMENTS.moveEscrow(budgetId, address(this), feeId, fee);
    }

    /// @dev A repairer that keeps the pieces itself would be paid twice for losing them once.
    function _requireStranger(address node) private view {
        if (REGISTRY.operatorOf(node) == REGISTRY.activeOperator(msg.sender, STORAGE_ROLE)) revert OwnNode(node);
    }

    function _requirePrices(Terms storage terms, IStorageMarket.Acceptance calldata acceptance) private view {
        (uint256 price, uint256 cap) = (acceptance.pricePerGiBPeriodWei, terms.priceCapPerGiBPeriodWei);
        if (price > cap) revert PriceAboveCap(price, cap);
        (price, cap) = (acceptance.retrievalPricePerMiBWei, terms.retrievalPriceCapPerMiBWei);
        if (price > cap) revert PriceAboveCap(price, cap);
    }

    function _requireNamed(address customer, address repairer) private view returns (Naming storage naming) {
        naming = _namings[customer][repairer];
        if (block.timestamp >= naming.endsAt) revert NotNamed(customer, repairer);
    }

    function _currentPeriod() private view returns (uint256) {
        return block.timestamp / PERIOD_SECONDS;
    }

    function _budgetId(address customer, address repairer) private pure returns (bytes32) {
        return keccak256(abi.encode(customer, repairer));
    }

    function _feeId(address customer, address repairer, address node) private pure returns (bytes32) {
        return keccak256(abi.encode(customer, repairer, node));
    }
}
