// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IHearthToken} from "../interfaces/IHearthToken.sol";
import {IPayments} from "../interfaces/IPayments.sol";
import {ISentences} from "../interfaces/ISentences.sol";
import {Text} from "../libraries/Text.sol";
import {EarningsBooks} from "./EarningsBooks.sol";
import {SentenceVerifier} from "./SentenceVerifier.sol";
import {StakeSentences} from "./StakeSentences.sol";

/// @title How what operators earned leaves: claims, and the address that they go to (PROTOCOL 1.8).
/// @dev A claim reads and writes one word of the operator's besides his accounts: it holds number, amount and payout.
abstract contract Payouts is StakeSentences, EarningsBooks {
    using SafeERC20 for IHearthToken;

    /// @dev Thirteen digits keep the text under 240 bytes.
    uint256 internal constant MICRO_LIMIT = 1e13;

    /// @inheritdoc IPayments
    uint32 public immutable override payoutWaitSeconds;

    mapping(address operator => PayoutChange) private _payoutChanges;

    constructor(uint32 payoutWaitSeconds_) {
        payoutWaitSeconds = payoutWaitSeconds_;
    }

    /// @inheritdoc IPayments
    function claim(
        address operator,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external override {
        Outflow memory outflow = _outflows[operator];
        _requireTimely(deadlineMinutes);
        _requireNext(number, outflow.claimNumber);
        address to = _orSelf(outflow.payout, operator);
        (uint256 start, uint256 end) = _claimText(to, micro, number, deadlineMinutes);
        _requireConsent(operator, Text.digest(start, end), signature);
        if (micro == 0) revert AmountZero();
        _take(operator, outflow, micro);
        outflow.claimNumber = number;
        _outflows[operator] = outflow;
        uint256 amount = uint256(micro) * MICRO;
        emit Claimed(operator, to, amount, number);
        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IPayments
    function changePayout(
        address operator,
        address to,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external override {
        _useNumber(operator, ISentences.Kind.Payout, number, deadlineMinutes);
        (uint256 start, uint256 end) = _payoutText(to, number, deadlineMinutes);
        _requireConsent(operator, Text.digest(start, end), signature);
        if (_isOurs(to)) revert PayoutRefused(to);
        uint256 effectiveAt = block.timestamp + payoutWaitSeconds;
        _payoutChanges[operator] = PayoutChange(to, uint64(effectiveAt));
        emit PayoutAnnounced(operator, to, effectiveAt, number);
    }

    /// @inheritdoc IPayments
    function cancelPayout(
        address operator,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external override {
        address to = _announced(operator).to;
        _useNumber(operator, ISentences.Kind.CancelPayout, number, deadlineMinutes);
        (uint256 start, uint256 end) = _cancelPayoutText(to, number, deadlineMinutes);
        _requireConsent(operator, Text.digest(start, end), signature);
        delete _payoutChanges[operator];
        emit PayoutCancelled(operator, to, number);
    }

    /// @inheritdoc IPayments
    function finishPayout(address operator) external override {
        PayoutChange memory change = _announced(operator);
        if (block.timestamp < change.effectiveAt) revert PayoutWaiting(change.effectiveAt);
        delete _payoutChanges[operator];
        _outflows[operator].payout = change.to;
        emit PayoutChanged(operator, change.to);
    }

    /// @inheritdoc IPayments
    function payoutOf(address operator) public view override returns (address) {
        return _orSelf(_outflows[operator].payout, operator);
    }

    /// @inheritdoc IPayments
    function payoutChangeOf(address operator) external view override returns (PayoutChange memory) {
        return _payoutChanges[operator];
    }

    /// @inheritdoc ISentences
    function lastNumber(
        address operator,
        Kind kind
    ) public view override(SentenceVerifier, ISentences) returns (uint32) {
        return kind == Kind.Claim ? _outflows[operator].claimNumber : super.lastNumber(operator, kind);
    }

    /// @inheritdoc IPayments
    function claimSentence(
        address operator,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view override returns (string memory) {
        (uint256 start, uint256 end) = _claimText(payoutOf(operator), micro, number, deadlineMinutes);
        return Text.toString(start, end);
    }

    /// @inheritdoc IPayments
    function payoutSentence(
        address to,
        uint32 number,
        uint32 deadlineMinutes
    ) external view override returns (string memory) {
        (uint256 start, uint256 end) = _payoutText(to, number, deadlineMinutes);
        return Text.toString(start, end);
    }

    /// @inheritdoc IPayments
    function cancelPayoutSentence(
        address to,
        uint32 number,
        uint32 deadlineMinutes
    ) external view override returns (string memory) {
        (uint256 start, uint256 end) = _cancelPayoutText(to, number, deadlineMinutes);
        return Text.toString(start, end);
    }

    /// @dev Accounts that could not pass tokens on: none, and the contracts of this deployment.
    function _isOurs(address account) internal view virtual returns (bool) {
        return
            account == address(0) ||
            account == address(this) ||
            account == address(TOKEN) ||
            account == address(REWARDS);
    }

    function _announced(address operator) private view returns (PayoutChange memory change) {
        change = _payoutChanges[operator];
        if (change.to == address(0)) revert NoPayoutChange(operator);
    }

    function _claimText(
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) private view returns (uint256 start, uint256 end) {
        if (micro >= MICRO_LIMIT) revert AmountTooLarge(micro);
        return _payment(": claim\n", 8, micro, to, number, deadlineMinutes);
    }

    /// @dev The wait stands below the address, still on a device's first page: whoever signs knows that nothing moves yet.
    function _payoutText(
        address to,
        uint32 number,
        uint32 deadlineMinutes
    ) private view returns (uint256 start, uint256 end) {
        uint256 cursor;
        (start, cursor) = _open(": payout\n", 9);
        cursor = Text.word(cursor, "my claims go to\n", 16);
        cursor = Text.account(cursor, to);
        cursor = Text.word(cursor, "\nafter ", 7);
        bool hours_ = payoutWaitSeconds % 1 hours == 0;
        cursor = Text.decimal(cursor, hours_ ? payoutWaitSeconds / 1 hours : payoutWaitSeconds);
        cursor = hours_ ? Text.word(cursor, " hours\n", 7) : Text.word(cursor, " seconds\n", 9);
        end = _close(_conditions(cursor, number, deadlineMinutes));
    }

    function _cancelPayoutText(
        address to,
        uint32 number,
        uint32 deadlineMinutes
    ) private view returns (uint256 start, uint256 end) {
        uint256 cursor;
        (start, cursor) = _open(": cancel payout\n", 16);
        cursor = Text.word(cursor, "to ", 3);
        cursor = Text.account(cursor, to);
        cursor = Text.word(cursor, "\n", 1);
        end = _close(_conditions(cursor, number, deadlineMinutes));
    }

    function _orSelf(address payout, address operator) private pure returns (address) {
        return payout == address(0) ? operator : payout;
    }
}
