// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IHearthToken} from "../interfaces/IHearthToken.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {ISentences} from "../interfaces/ISentences.sol";
import {SlashWindow} from "../libraries/SlashWindow.sol";
import {Text} from "../libraries/Text.sol";
import {RegistrySentences} from "./RegistrySentences.sol";

/// @title What operators put behind their work, how it comes back, and how much of it a fault takes (PROTOCOL 3).
/// @dev Open work and unbonding exclude each other: unbonding starts only without open work, and work that begins ends it.
/// So whoever has work to lose has his whole provision behind it.
abstract contract Provisions is RegistrySentences {
    using SafeERC20 for IERC20;
    using SlashWindow for SlashWindow.Ring;

    uint256 internal constant MICRO = 1e12;
    /// @dev A hundredth of the provision per slash; the window allows ten (PROTOCOL 3.1).
    uint256 private constant SLASH_DIVISOR = 100;

    IERC20 private immutable TOKEN;
    uint256 private immutable SLASH_WINDOW_SECONDS;
    uint256 public immutable override unbondingSeconds;

    mapping(address operator => mapping(address market => Provision)) private _provisions;
    mapping(address operator => mapping(address market => SlashWindow.Ring)) private _slashes;

    constructor(IERC20 token, uint256 slashWindowSeconds, uint256 unbondingSeconds_) {
        TOKEN = token;
        SLASH_WINDOW_SECONDS = slashWindowSeconds;
        unbondingSeconds = unbondingSeconds_;
    }

    modifier onlyMarket() {
        _requireMarket(msg.sender);
        _;
    }

    /// @inheritdoc IRegistry
    function stakeFor(address operator, address market, uint256 amount) external override {
        _requireMarket(market);
        if (amount == 0) revert AmountZero();
        // Cannot exceed the supply, which is far below 128 bits: the transfer would fail.
        _provisions[operator][market].stakedWei += uint128(amount);
        emit Staked(operator, market, msg.sender, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IRegistry
    function unstake(
        address operator,
        address market,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external override {
        _useNumber(operator, ISentences.Kind.Unstake, number, deadlineMinutes);
        (uint256 start, uint256 end) = _unstakeText(operator, market, micro, number, deadlineMinutes);
        _requireConsent(operator, Text.digest(start, end), signature);
        uint256 amount = uint256(micro) * MICRO;
        if (amount == 0) revert AmountZero();
        Provision storage provision = _provisions[operator][market];
        if (provision.openWork != 0) revert WorkOpen(provision.openWork);
        if (amount > provision.stakedWei) revert ProvisionTooSmall(amount, provision.stakedWei);
        uint256 endsAt = block.timestamp + unbondingSeconds;
        (provision.unbondingWei, provision.unbondingEndsAt) = (uint128(amount), uint64(endsAt));
        emit UnstakeStarted(operator, market, amount, endsAt, number);
    }

    /// @inheritdoc IRegistry
    function withdrawStake(address operator, address market) external override {
        Provision storage provision = _provisions[operator][market];
        uint128 amount = provision.unbondingWei;
        if (amount == 0) revert NothingUnbonding(operator, market);
        if (block.timestamp < provision.unbondingEndsAt) revert StillUnbonding(provision.unbondingEndsAt);
        if (amount > provision.stakedWei) amount = provision.stakedWei;
        provision.stakedWei -= amount;
        (provision.unbondingWei, provision.unbondingEndsAt) = (0, 0);
        emit StakeWithdrawn(operator, market, amount);
        TOKEN.safeTransfer(operator, amount);
    }

    /// @inheritdoc IRegistry
    function workBegan(address operator) external override onlyMarket {
        Provision storage provision = _provisions[operator][msg.sender];
        ++provision.openWork;
        uint256 amount = provision.unbondingWei;
        if (amount == 0) return;
        (provision.unbondingWei, provision.unbondingEndsAt) = (0, 0);
        emit UnstakeCancelled(operator, msg.sender, amount);
    }

    /// @inheritdoc IRegistry
    function workEnded(address operator) external override onlyMarket {
        --_provisions[operator][msg.sender].openWork;
    }

    /// @inheritdoc IRegistry
    function provisionOf(address operator, address market) external view override returns (uint256) {
        return _provisions[operator][market].stakedWei;
    }

    /// @inheritdoc IRegistry
    function stakeOf(address operator, address market) external view override returns (Provision memory) {
        return _provisions[operator][market];
    }

    /// @dev Burns a hundredth of the calling market's provision, rounded down, within the window and what is `atRisk`.
    function _slash(address operator, address node, uint256 atRisk) internal returns (uint256 slashedWei) {
        Provision storage provision = _provisions[operator][msg.sender];
        slashedWei = provision.stakedWei / SLASH_DIVISOR;
        if (slashedWei > atRisk) slashedWei = atRisk;
        if (slashedWei == 0 || !_slashes[operator][msg.sender].take(SLASH_WINDOW_SECONDS)) return 0;
        provision.stakedWei -= uint128(slashedWei);
        emit Slashed(operator, msg.sender, node, slashedWei);
        IHearthToken(address(TOKEN)).burn(slashedWei);
    }

    function _requireMarket(address account) private view {
        bool known = account == STORAGE_MARKET || account == RENDER_MARKET || account == ENERGY_MARKET;
        if (!known) revert NotAMarket(account);
    }
}
