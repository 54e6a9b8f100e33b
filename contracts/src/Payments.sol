// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IHearthToken} from "./interfaces/IHearthToken.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {IRewards} from "./interfaces/IRewards.sol";
import {IRegistry} from "./interfaces/IRegistry.sol";
import {ISentences} from "./interfaces/ISentences.sol";
import {EarningsBooks} from "./base/EarningsBooks.sol";
import {Payouts} from "./base/Payouts.sol";
import {SentenceVerifier} from "./base/SentenceVerifier.sol";
import {StakeSentences} from "./base/StakeSentences.sol";
import {Emission} from "./libraries/Emission.sol";
import {Text} from "./libraries/Text.sol";

/// @title Payments, as IPayments describes it.
contract Payments is Payouts, EIP712 {
    using SafeERC20 for IHearthToken;

    uint8 private constant STORAGE_ROLE = 0;
    uint8 private constant RENDER_ROLE = 1;
    uint8 private constant ENERGY_ROLE = 2;
    bytes32 private constant VOUCHER_TYPE = keccak256(
        "Voucher(address customer,address node,bytes32 lane,uint256 cumulativeWei,uint64 expiry)"
    );

    IRegistry private immutable REGISTRY;
    address private immutable REPAIR_FUND;
    uint256 public immutable override thawSeconds;

    mapping(address customer => mapping(address node => Lock)) private _locks;
    mapping(address customer => mapping(address node => mapping(bytes32 lane => uint256))) private _redeemed;
    mapping(address market => mapping(bytes32 setId => uint256)) private _escrow;

    constructor(
        Branding memory branding,
        IHearthToken token,
        IRegistry registry,
        IRewards rewards,
        Markets memory markets,
        address repairFund,
        uint256 thawSeconds_,
        uint32 payoutWaitSeconds_,
        Emission.Clock memory clock
    )
        SentenceVerifier(branding)
        StakeSentences(markets)
        EIP712("Hearth Payments", "1")
        EarningsBooks(token, rewards, clock)
        Payouts(payoutWaitSeconds_)
    {
        REGISTRY = registry;
        REPAIR_FUND = repairFund;
        thawSeconds = thawSeconds_;
    }

    modifier onlyMarket() {
        _requireMarket(msg.sender);
        _;
    }

    /// @inheritdoc IPayments
    function lock(address[] calldata nodes, uint256[] calldata amounts) external override {
        if (nodes.length != amounts.length) revert LengthsDiffer(nodes.length, amounts.length);
        uint256 total;
        for (uint256 i; i < nodes.length; ++i) {
            uint256 amount = amounts[i];
            if (amount == 0) revert AmountZero();
            Lock storage held = _locks[msg.sender][nodes[i]];
            held.lockedWei = _toUint128(held.lockedWei + amount);
            total += amount;
            emit Locked(msg.sender, nodes[i], amount);
        }
        TOKEN.safeTransferFrom(msg.sender, address(this), total);
    }

    /// @inheritdoc IPayments
    function startThaw(address node, uint256 amount) external override {
        Lock storage held = _locks[msg.sender][node];
        if (amount == 0) revert AmountZero();
        if (amount > held.lockedWei) revert LockTooSmall(amount, held.lockedWei);
        uint256 endsAt = block.timestamp + thawSeconds;
        held.thawingWei = uint128(amount);
        held.thawEndsAt = uint64(endsAt);
        emit ThawStarted(msg.sender, node, amount, endsAt);
    }

    /// @inheritdoc IPayments
    function withdraw(address node) external override {
        Lock storage held = _locks[msg.sender][node];
        uint128 amount = held.thawingWei;
        if (amount == 0) revert NothingThawing(msg.sender, node);
        if (block.timestamp < held.thawEndsAt) revert StillThawing(held.thawEndsAt);
        if (amount > held.lockedWei) amount = held.lockedWei;
        held.thawingWei = 0;
        held.thawEndsAt = 0;
        held.lockedWei -= amount;
        emit Withdrawn(msg.sender, node, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IPayments
    function redeem(Voucher calldata voucher, bytes calldata signature) external override {
        uint256 done = _redeemed[voucher.customer][voucher.node][voucher.lane];
        if (voucher.cumulativeWei <= done) revert NothingToRedeem(voucher.lane, voucher.cumulativeWei, done);
        if (_locks[voucher.customer][voucher.node].lockedWei == 0) revert LockEmpty(voucher.customer, voucher.node);
        _redeem(voucher, signature);
    }

    /// @inheritdoc IPayments
    function redeemMany(Voucher[] calldata vouchers, bytes[] calldata signatures) external override {
        if (vouchers.length != signatures.length) revert LengthsDiffer(vouchers.length, signatures.length);
        for (uint256 i; i < vouchers.length; ++i) {
            _redeem(vouchers[i], signatures[i]);
        }
    }

    /// @inheritdoc IPayments
    function fundEscrow(address payer, bytes32 setId, uint256 amount) external override onlyMarket {
        _escrow[msg.sender][setId] += amount;
        emit EscrowFunded(msg.sender, setId, payer, amount);
        TOKEN.safeTransferFrom(payer, address(this), amount);
    }

    /// @inheritdoc IPayments
    function payFromEscrow(
        bytes32 setId,
        address operator,
        address node,
        address customer,
        uint256 amount
    ) external override onlyMarket returns (uint256 paidWei, uint256 leftWei) {
        leftWei = _escrow[msg.sender][setId];
        paidWei = amount < leftWei ? amount : leftWei;
        leftWei -= paidWei;
        _escrow[msg.sender][setId] = leftWei;
        (uint8 role, Work work) = _workOf(msg.sender);
        _credit(operator, node, customer, role, work, paidWei);
    }

    /// @inheritdoc IPayments
    function refundEscrow(bytes32 setId, address customer) external override onlyMarket returns (uint256 amount) {
        amount = _escrow[msg.sender][setId];
        if (amount == 0) return 0;
        _escrow[msg.sender][setId] = 0;
        emit EscrowRefunded(msg.sender, setId, customer, amount);
        TOKEN.safeTransfer(customer, amount);
    }

    /// @inheritdoc IPayments
    function moveEscrow(bytes32 fromId, address toMarket, bytes32 toId, uint256 amount) external override onlyMarket {
        _requireMarket(toMarket);
        uint256 available = _escrow[msg.sender][fromId];
        if (amount > available) revert EscrowTooSmall(amount, available);
        _escrow[msg.sender][fromId] = available - amount;
        _escrow[toMarket][toId] += amount;
        emit EscrowMoved(msg.sender, fromId, toMarket, toId, amount);
    }

    /// @inheritdoc IPayments
    function stake(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external override {
        _useNumber(operator, ISentences.Kind.Stake, number, deadlineMinutes);
        (uint256 start, uint256 end) = _stakeText(operator, market, micro, number, deadlineMinutes);
        _requireConsent(operator, Text.digest(start, end), signature);
        if (micro == 0) revert AmountZero();
        _takeForStake(operator, micro);
        uint256 amount = uint256(micro) * MICRO;
        emit MovedToStake(operator, market, amount, number);
        TOKEN.approve(address(REGISTRY), amount);
        REGISTRY.stakeFor(operator, market, amount);
    }

    /// @inheritdoc IPayments
    function escrowOf(address market, bytes32 setId) external view override returns (uint256) {
        return _escrow[market][setId];
    }

    /// @inheritdoc IPayments
    function lockOf(address customer, address node) external view override returns (Lock memory) {
        return _locks[customer][node];
    }

    /// @inheritdoc IPayments
    function redeemedOf(address customer, address node, bytes32 lane) external view override returns (uint256) {
        return _redeemed[customer][node][lane];
    }

    /// @inheritdoc IPayments
    function stakeSentence(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view override returns (string memory) {
        (uint256 start, uint256 end) = _stakeText(operator, market, micro, number, deadlineMinutes);
        return Text.toString(start, end);
    }

    function _stakeText(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) private view returns (uint256 start, uint256 end) {
        if (micro >= MICRO_LIMIT) revert AmountTooLarge(micro);
        return _staking(": stake\n", 8, "\nfor ", 5, market, micro, operator, number, deadlineMinutes);
    }

    /// @dev Repair is work of the storage role.
    function _workOf(address market) private view returns (uint8, Work) {
        if (market == STORAGE_MARKET) return (STORAGE_ROLE, Work.StorageProof);
        if (market == RENDER_MARKET) return (RENDER_ROLE, Work.RenderUnit);
        return market == ENERGY_MARKET ? (ENERGY_ROLE, Work.EnergyDay) : (STORAGE_ROLE, Work.Repair);
    }

    function _redeem(Voucher calldata voucher, bytes calldata signature) private {
        (address customer, address node) = (voucher.customer, voucher.node);
        uint256 done = _redeemed[customer][node][voucher.lane];
        Lock storage held = _locks[customer][node];
        if (voucher.cumulativeWei <= done || held.lockedWei == 0) return;
        if (block.timestamp > voucher.expiry) revert VoucherExpired(voucher.expiry);
        bytes32 structHash = keccak256(
            abi.encode(VOUCHER_TYPE, customer, node, voucher.lane, voucher.cumulativeWei, voucher.expiry)
        );
        (address signer, , ) = ECDSA.tryRecoverCalldata(_hashTypedDataV4(structHash), signature);
        if (signer != customer || signer == address(0)) revert VoucherSignatureInvalid(customer, signer);
        (address operator, uint8 role) = REGISTRY.bindingOf(node);
        uint256 amount = voucher.cumulativeWei - done;
        if (amount > held.lockedWei) amount = held.lockedWei;
        _redeemed[customer][node][voucher.lane] = done + amount;
        held.lockedWei -= uint128(amount);
        held.redeemedWei += uint128(amount);
        emit VoucherRedeemed(customer, node, voucher.lane, amount);
        _credit(operator, node, customer, role, Work.Voucher, amount);
    }

    function _credit(address operator, address node, address customer, uint8 role, Work work, uint256 amount) private {
        (uint256 earned, uint256 burned, uint256 settledRewardWei) = _book(operator, role, amount);
        emit Earned(operator, node, customer, role, work, earned, burned, settledRewardWei);
    }

    function _isOurs(address account) internal view override returns (bool) {
        return
            account == STORAGE_MARKET ||
            account == RENDER_MARKET ||
            account == ENERGY_MARKET ||
            account == REPAIR_FUND ||
            account == address(REGISTRY) ||
            super._isOurs(account);
    }

    function _requireMarket(address market) private view {
        bool known = market == STORAGE_MARKET || market == RENDER_MARKET || market == ENERGY_MARKET;
        if (!known && market != REPAIR_FUND) revert NotAMarket(market);
    }

    function _toUint128(uint256 amount) private pure returns (uint128) {
        if (amount > type(uint128).max) revert AmountOverflow(amount);
        return uint128(amount);
    }
}
