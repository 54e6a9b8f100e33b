// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHearthToken} from "../interfaces/IHearthToken.sol";
import {IPayments} from "../interfaces/IPayments.sol";
import {IRewards} from "../interfaces/IRewards.sol";
import {Emission} from "../libraries/Emission.sol";

/// @title What operators earn: fees of their roles and shares of the epochs' rewards, to the wei.
/// @dev A payment writes two words that are not new: the operator's account in the role, and the total of the epoch. The
/// share of an earlier epoch is computed from the two when the account is next touched, so its cost does not depend on how
/// many operators there are or how many epochs have passed. Tokens are minted and destroyed once per epoch, when it is
/// closed, so that a claim only computes and moves.
abstract contract EarningsBooks is IPayments {
    /// @dev One word, all that a claim writes of an operator: how far his tokens have left (in whole micro-tokens, claims and
    /// stakes together), in which roles he was ever paid, the number of his last claim, and where claims go (zero: to
    /// himself).
    struct Outflow {
        uint56 takenMicro;
        uint8 roles;
        uint32 claimNumber;
        address payout;
    }

    uint256 internal constant MICRO = 1e12;
    /// @dev A share of 1/20 = 5 % of what was paid is burned, rounded up against the operator.
    uint256 private constant BURN_DIVISOR = 20;
    /// @dev Totals of four epochs share a word. Of each lane's 64 bits 61 are gwei burned (all that can ever be burned needs
    /// 58), then two say how the epoch was closed: its rewards are here, or it lapsed. None of the two: it is still open.
    uint256 private constant EPOCHS_PER_WORD = 4;
    uint256 private constant LANE_BITS = 64;
    uint256 private constant AMOUNT_MASK = (1 << 61) - 1;
    uint256 private constant PAID = 1 << 61;
    uint256 private constant LAPSED = 1 << 62;
    /// @dev The top bit of a word says that it is not new any more.
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
    mapping(address operator => Outflow) internal _outflows;
    mapping(address operator => uint256) private _movedToStakeWei;
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
    function closeEpoch(uint256 epoch, bool paid) external override {
        if (msg.sender != address(REWARDS)) revert NotRewards(msg.sender);
        uint256 flag = (paid ? PAID : LAPSED) << _lane(epoch);
        uint256 burnedGwei;
        for (uint256 role; role < Emission.ROLES; ++role) {
            uint256 total = _totalOf(role, epoch) & AMOUNT_MASK;
            if (total == 0) continue;
            _totals[_totalsKey(role, epoch / EPOCHS_PER_WORD)] |= flag;
            burnedGwei += total;
        }
        if (burnedGwei != 0) TOKEN.burn(burnedGwei * Emission.GWEI);
    }

    /// @inheritdoc IPayments
    function earningsOf(address operator) external view override returns (Earnings memory earnings) {
        Outflow memory outflow = _outflows[operator];
        (uint256 fees, uint256 burned, uint256 rewardGwei, ) = _standing(operator, outflow.roles, true);
        earnings.rewardsWei = rewardGwei * Emission.GWEI;
        earnings.earnedWei = fees + earnings.rewardsWei;
        earnings.feeBurnedWei = burned;
        earnings.movedToStakeWei = _movedToStakeWei[operator];
        uint256 takenWei = outflow.takenMicro * MICRO;
        earnings.claimedWei = takenWei - earnings.movedToStakeWei;
        earnings.claimableWei = earnings.earnedWei - takenWei;
    }

    /// @inheritdoc IPayments
    function accountOf(address operator, uint8 role) external view override returns (AccountView memory) {
        uint256 account = _accounts[_accountKey(operator, role)];
        uint256 burned = _burnedOf(account & PAID_MASK);
        (uint256 share, ) = _shareGwei(account, role, _currentEpoch(), true);
        return
            AccountView(
                (account & PAID_MASK) - burned,
                burned,
                account >> EPOCH_SHIFT,
                uint64(account >> WEIGHT_SHIFT) * Emission.GWEI,
                uint64(account >> REWARD_SHIFT) * Emission.GWEI,
                share * Emission.GWEI
            );
    }

    /// @inheritdoc IPayments
    function burnedIn(uint256 epoch) external view override returns (uint256[5] memory burnedWei) {
        for (uint256 role; role < Emission.ROLES; ++role) {
            burnedWei[role] = (_totalOf(role, epoch) & AMOUNT_MASK) * Emission.GWEI;
        }
    }

    /// @dev The one place where work is paid. Returns what the operator got, what was burned, and which share of an earlier
    /// epoch this touch has settled. Closing that epoch, where nobody has, comes back into `closeEpoch` alone, which writes
    /// no account.
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
            (uint256 share, uint256 open) = _shareGwei(account, role, epoch, false);
            if (open != 0) {
                REWARDS.finalize(open);
                (share, ) = _shareGwei(account, role, epoch, false);
            }
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

    /// @dev Takes `micro` millionths of a token off what an operator has: fees of all roles and shares of all ended epochs,
    /// which are closed where nobody has. The caller stores `outflow` and moves the tokens, which this contract holds.
    /// Reverts with `Available` when there is less, and when his rewards were over nine tenths of what his work burned
    /// (PROTOCOL 2.4): the shares are made so that they never are, and this is looked at again where tokens leave.
    function _take(address operator, Outflow memory outflow, uint64 micro) internal {
        (uint256 fees, uint256 burned, uint256 rewardGwei, uint256 open) = _standing(operator, outflow.roles, false);
        // Once for each open epoch: it is closed afterwards, whether it pays or lapses.
        while (open != 0) {
            REWARDS.finalize(open);
            (fees, burned, rewardGwei, open) = _standing(operator, outflow.roles, false);
        }
        uint256 rewardWei = rewardGwei * Emission.GWEI;
        uint256 capWei = (burned * Emission.CAP_NUMERATOR) / Emission.CAP_DENOMINATOR;
        if (rewardWei > capWei) revert RewardBeyondCap(operator, rewardWei, capWei);
        uint256 available = fees + rewardWei - outflow.takenMicro * MICRO;
        if (micro * MICRO > available) revert Available(available);
        outflow.takenMicro += uint56(micro);
    }

    /// @dev `_take` for what goes into the operator's own stake: counted apart from claims.
    function _takeForStake(address operator, uint64 micro) internal {
        Outflow memory outflow = _outflows[operator];
        _take(operator, outflow, micro);
        _outflows[operator] = outflow;
        _movedToStakeWei[operator] += micro * MICRO;
    }

    /// @dev Fees earned, fees burned, and shares of all closed epochs, over the roles in which an operator was ever paid.
    /// `open` is an ended epoch of his that nobody has closed, zero when there is none; with `foresee` its share is counted
    /// as if it were closed now.
    function _standing(
        address operator,
        uint256 roles,
        bool foresee
    ) private view returns (uint256 feesWei, uint256 burnedWei, uint256 rewardGwei, uint256 open) {
        uint256 current = _currentEpoch();
        for (uint256 role; roles >> role != 0; ++role) {
            if ((roles >> role) & 1 == 0) continue;
            uint256 account = _accounts[_accountKey(operator, role)];
            uint256 burned = _burnedOf(account & PAID_MASK);
            (uint256 share, uint256 openEpoch) = _shareGwei(account, role, current, foresee);
            feesWei += (account & PAID_MASK) - burned;
            burnedWei += burned;
            rewardGwei += uint64(account >> REWARD_SHIFT) + share;
            if (openEpoch != 0) open = openEpoch;
        }
    }

    /// @dev Share of the epoch that an account was last paid in: nothing while it runs, and nothing but its number while it
    /// is open, unless it is foreseen.
    function _shareGwei(
        uint256 account,
        uint256 role,
        uint256 current,
        bool foresee
    ) private view returns (uint256 share, uint256 open) {
        uint256 weight = uint64(account >> WEIGHT_SHIFT);
        uint256 epoch = account >> EPOCH_SHIFT;
        if (weight == 0 || epoch == current) return (0, 0);
        uint256 total = _totalOf(role, epoch);
        if (total & PAID == 0) {
            if (total & LAPSED != 0) return (0, 0);
            if (!foresee) return (0, epoch);
            if (REWARDS.lapses(epoch)) return (0, epoch);
        }
        return (Emission.shareGwei(role, epoch, weight, total & AMOUNT_MASK), 0);
    }

    /// @dev Gwei burned by all, with the two bits above it that say how the epoch was closed.
    function _totalOf(uint256 role, uint256 epoch) private view returns (uint256) {
        return uint64(_totals[_totalsKey(role, epoch / EPOCHS_PER_WORD)] >> _lane(epoch));
    }

    /// @dev Words that are not new cost payments a quarter of what new ones do. All roles are prepared together.
    function _prepareWord(uint256 word) private {
        if (_totals[_totalsKey(0, word)] & PREPARED != 0) return;
        for (uint256 role; role < Emission.ROLES; ++role) {
            _totals[_totalsKey(role, word)] |= PREPARED;
        }
    }

    function _currentEpoch() private view returns (uint256) {
        return block.timestamp / EPOCH_SECONDS - EPOCH_ORIGIN;
    }

    function _lane(uint256 epoch) private pure returns (uint256) {
        unchecked {
            return (epoch % EPOCHS_PER_WORD) * LANE_BITS;
        }
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
