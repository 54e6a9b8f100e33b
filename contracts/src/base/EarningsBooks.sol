// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHearthToken} from "../interfaces/IHearthToken.sol";
import {IPayments} from "../interfaces/IPayments.sol";
import {IRewards} from "../interfaces/IRewards.sol";
import {Emission} from "../libraries/Emission.sol";

/// @title What operators earn: fees of their roles and shares of the epochs' rewards, to the wei.
/// @dev A payment writes two words that are not new: the operator's account in the role, and the total of the epoch. The
/// share of an earlier epoch is computed from the two when the account is next touched, so its cost does not depend on how
/// many operators there are or how many epochs have passed.
abstract contract EarningsBooks is IPayments {
    /// @dev One word: how far an operator's tokens have left, and which roles to look at. What is
    /// taken is whole micro-tokens: claimed, but for the part that was moved into stake.
    struct Outflow {
        uint56 takenMicro;
        uint64 destroyedGwei;
        uint64 mintedGwei;
        uint8 roles;
        uint56 stakedMicro;
    }

    uint256 internal constant MICRO = 1e12;
    /// @dev A share of 1/20 = 5 % of what was paid is burned, rounded up against the operator.
    uint256 private constant BURN_DIVISOR = 20;
    /// @dev Totals of four epochs share a word, 63 bits each; the top bit says that the word is not new any more.
    uint256 private constant EPOCHS_PER_WORD = 4;
    uint256 private constant LANE_BITS = 64;
    uint256 private constant LANE_MASK = (1 << 63) - 1;
    uint256 private constant PREPARED = 1 << 255;

    /// @dev An operator's account in a role is one word, all that a payment writes for him. From the lowest bit: wei paid (96
    /// bits, eighty times what can ever be paid while a twentieth of it is burned); gwei burned in the account's epoch (64);
    /// gwei of reward for epochs before it (64); that epoch (32). Paid alone gives fee and earnings to the wei: burned is
    /// ceil(paid / 20) of the running sum, earned is the rest.
    uint256 private constant PAID_MASK = type(uint96).max;
    uint256 private constant WEIGHT_SHIFT = 96;
    uint256 private constant REWARD_SHIFT = 160;
    uint256 private constant EPOCH_SHIFT = 224;

    IHearthToken internal immutable TOKEN;
    IRewards internal immutable REWARDS;
    uint256 private immutable EPOCH_SECONDS;
    uint256 private immutable EPOCH_ORIGIN;

    mapping(uint256 operatorAndRole => uint256) private _accounts;
    mapping(address operator => Outflow) private _outflows;
    mapping(uint256 roleAndWord => uint256) private _totals;

    constructor(IHearthToken token, IRewards rewards, Emission.Clock memory clock) {
        (TOKEN, REWARDS) = (token, rewards);
        (EPOCH_SECONDS, EPOCH_ORIGIN) = (clock.epochSeconds, clock.origin);
        _prepareWord(0);
    }

    /// @inheritdoc IPayments
    function prepareEpochs() external override {
        _prepareWord(_currentEpoch() / EPOCHS_PER_WORD + 1);
    }

    /// @inheritdoc IPayments
    function earningsOf(address operator) external view override returns (Earnings memory earnings) {
        Outflow storage outflow = _outflows[operator];
        (uint256 fees, uint256 burned, uint256 rewardGwei) = _standing(operator, outflow.roles);
        uint256 minted = outflow.mintedGwei;
        uint256 left = TOKEN.mintableBy(address(REWARDS)) / Emission.GWEI;
        uint256 due = rewardGwei - minted;
        earnings.rewardsWei = (minted + (due < left ? due : left)) * Emission.GWEI;
        earnings.earnedWei = fees + earnings.rewardsWei;
        earnings.feeBurnedWei = burned;
        earnings.movedToStakeWei = outflow.stakedMicro * MICRO;
        earnings.claimedWei = outflow.takenMicro * MICRO - earnings.movedToStakeWei;
        earnings.claimableWei = earnings.earnedWei - earnings.claimedWei - earnings.movedToStakeWei;
    }

    /// @inheritdoc IPayments
    function accountOf(address operator, uint8 role) external view override returns (AccountView memory) {
        uint256 account = _accounts[_accountKey(operator, role)];
        uint256 epoch = account >> EPOCH_SHIFT;
        uint256 burned = _burnedOf(account & PAID_MASK);
        return
            AccountView(
                (account & PAID_MASK) - burned,
                burned,
                epoch,
                uint64(account >> WEIGHT_SHIFT) * Emission.GWEI,
                uint64(account >> REWARD_SHIFT) * Emission.GWEI,
                epoch < _currentEpoch() ? _shareGwei(account, role) * Emission.GWEI : 0
            );
    }

    /// @inheritdoc IPayments
    function burnedIn(uint256 epoch) external view override returns (uint256[5] memory burnedWei) {
        for (uint256 role; role < Emission.ROLES; ++role) {
            burnedWei[role] = _totalGwei(role, epoch) * Emission.GWEI;
        }
    }

    /// @dev The one place where work is paid. Returns what the operator got, what was burned, and which share of an earlier
    /// epoch this touch has settled.
    function _book(
        address operator,
        uint8 role,
        uint256 amount
    ) internal returns (uint256 earned, uint256 burned, uint256 settledWei) {
        uint256 key = _accountKey(operator, role);
        uint256 account = _accounts[key];
        uint256 epoch = _currentEpoch();
        if (account >> EPOCH_SHIFT != epoch) {
            if (account == 0) _outflows[operator].roles |= uint8(1 << role);
            uint256 share = _shareGwei(account, role);
            settledWei = share * Emission.GWEI;
            uint256 reward = uint64(account >> REWARD_SHIFT) + share;
            account = (account & PAID_MASK) | (reward << REWARD_SHIFT) | (epoch << EPOCH_SHIFT);
        }
        // Nothing here overflows its bits: every amount is bounded by what can ever be minted.
        unchecked {
            uint256 before = _burnedOf(account & PAID_MASK);
            uint256 afterwards = _burnedOf((account & PAID_MASK) + amount);
            burned = afterwards - before;
            earned = amount - burned;
            uint256 weight = afterwards / Emission.GWEI - before / Emission.GWEI;
            _accounts[key] = account + amount + (weight << WEIGHT_SHIFT);
            _totals[_totalsKey(role, epoch / EPOCHS_PER_WORD)] += weight << _lane(epoch);
        }
    }

    /// @dev Credits everything that an operator can prove (fees of all roles, shares of all ended epochs), destroys the fees
    /// that his work burned, and takes `micro` millionths of a token off what is available. The caller moves the tokens,
    /// which this contract then holds. Reverts with `Available` when there is less.
    function _take(address operator, uint256 micro) internal {
        Outflow storage outflow = _outflows[operator];
        (uint256 taken, uint256 destroyed, uint256 minted) = (
            outflow.takenMicro,
            outflow.destroyedGwei,
            outflow.mintedGwei
        );
        (uint256 fees, uint256 burned, uint256 rewardGwei) = _standing(operator, outflow.roles);
        if (rewardGwei != minted) {
            minted +=
                REWARDS.mint(operator, minted * Emission.GWEI, rewardGwei * Emission.GWEI, burned) / Emission.GWEI;
        }
        uint256 available = fees + minted * Emission.GWEI - taken * MICRO;
        if (micro * MICRO > available) revert Available(available);
        uint256 burnedGwei = burned / Emission.GWEI;
        (outflow.takenMicro, outflow.destroyedGwei, outflow.mintedGwei) = (
            uint56(taken + micro),
            uint64(burnedGwei),
            uint64(minted)
        );
        if (burnedGwei != destroyed) TOKEN.burn((burnedGwei - destroyed) * Emission.GWEI);
    }

    /// @dev `_take` for what goes into the operator's own stake: counted apart from claims.
    function _takeForStake(address operator, uint256 micro) internal {
        _take(operator, micro);
        _outflows[operator].stakedMicro += uint56(micro);
    }

    /// @dev Fees earned, fees burned, and shares of all ended epochs, over the roles in which an operator was ever paid.
    function _standing(
        address operator,
        uint256 roles
    ) private view returns (uint256 feesWei, uint256 burnedWei, uint256 rewardGwei) {
        uint256 current = _currentEpoch();
        for (uint8 role; roles >> role != 0; ++role) {
            if ((roles >> role) & 1 == 0) continue;
            uint256 account = _accounts[_accountKey(operator, role)];
            uint256 burned = _burnedOf(account & PAID_MASK);
            feesWei += (account & PAID_MASK) - burned;
            burnedWei += burned;
            rewardGwei += uint64(account >> REWARD_SHIFT);
            if (account >> EPOCH_SHIFT < current) rewardGwei += _shareGwei(account, role);
        }
    }

    /// @dev Share of the epoch that an account was last paid in.
    function _shareGwei(uint256 account, uint256 role) private view returns (uint256) {
        uint256 weight = uint64(account >> WEIGHT_SHIFT);
        if (weight == 0) return 0;
        uint256 epoch = account >> EPOCH_SHIFT;
        return Emission.shareGwei(role, epoch, weight, _totalGwei(role, epoch));
    }

    function _totalGwei(uint256 role, uint256 epoch) private view returns (uint256) {
        return (_totals[_totalsKey(role, epoch / EPOCHS_PER_WORD)] >> _lane(epoch)) & LANE_MASK;
    }

    /// @dev Words that are not new cost payments a quarter of what new ones do.
    function _prepareWord(uint256 word) private {
        for (uint256 role; role < Emission.ROLES; ++role) {
            _totals[_totalsKey(role, word)] |= PREPARED;
        }
    }

    function _currentEpoch() private view returns (uint256) {
        return block.timestamp / EPOCH_SECONDS - EPOCH_ORIGIN;
    }

    function _lane(uint256 epoch) private pure returns (uint256) {
        return (epoch % EPOCHS_PER_WORD) * LANE_BITS;
    }

    function _accountKey(address operator, uint256 role) private pure returns (uint256) {
        return (uint256(uint160(operator)) << 8) | role;
    }

    function _totalsKey(uint256 role, uint256 word) private pure returns (uint256) {
        return (word << 8) | role;
    }

    function _burnedOf(uint256 paidWei) private pure returns (uint256) {
        unchecked {
            return (paidWei + BURN_DIVISOR - 1) / BURN_DIVISOR;
        }
    }
}
