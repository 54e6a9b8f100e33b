// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHearthToken} from "./interfaces/IHearthToken.sol";
import {IPayments} from "./interfaces/IPayments.sol";
import {IRewards} from "./interfaces/IRewards.sol";
import {Emission} from "./libraries/Emission.sol";

/// @title Rewards, as IRewards describes it.
/// @dev Holds no tokens. Weights and shares are counted in `Payments`, where the payments that make them are.
contract Rewards is IRewards {
    uint256 private constant ONE_E18 = 1e18;

    IHearthToken private immutable TOKEN;
    IPayments private immutable PAYMENTS;

    /// @dev One bit per epoch each.
    mapping(uint256 word => uint256) private _finalized;
    mapping(uint256 word => uint256) private _lapsed;

    constructor(IHearthToken token, IPayments payments) {
        (TOKEN, PAYMENTS) = (token, payments);
    }

    /// @inheritdoc IRewards
    function finalize(uint256 epoch) external override {
        uint256 endsAt = endOf(epoch);
        if (block.timestamp < endsAt) revert EpochNotOver(epoch, endsAt);
        if (finalized(epoch)) return;
        uint256[5] memory burnedWei = PAYMENTS.burnedIn(epoch);
        uint256 mintedWei = _totalWei(epoch, burnedWei);
        bool paid = mintedWei <= TOKEN.mintableBy(address(this));
        _finalized[epoch >> 8] |= 1 << (epoch & 255);
        if (!paid) {
            _lapsed[epoch >> 8] |= 1 << (epoch & 255);
            mintedWei = 0;
        }
        emit EpochFinalized(epoch, burnedWei, _rates(epoch, burnedWei, paid), mintedWei);
        PAYMENTS.closeEpoch(epoch, paid);
        if (mintedWei != 0) TOKEN.mint(address(PAYMENTS), mintedWei);
        // Who pays for work or claims does not pay for the coming epochs as well.
        if (msg.sender != address(PAYMENTS)) PAYMENTS.prepareEpochs();
    }

    /// @inheritdoc IRewards
    function finalized(uint256 epoch) public view override returns (bool) {
        return _bitOf(_finalized[epoch >> 8], epoch);
    }

    /// @inheritdoc IRewards
    function lapses(uint256 epoch) external view override returns (bool) {
        if (block.timestamp < endOf(epoch)) return false;
        if (finalized(epoch)) return _bitOf(_lapsed[epoch >> 8], epoch);
        return totalOf(epoch) > TOKEN.mintableBy(address(this));
    }

    /// @inheritdoc IRewards
    function endOf(uint256 epoch) public view override returns (uint256) {
        if (epoch == 0) revert EpochUnknown(epoch);
        return (TOKEN.epochOrigin() + epoch + 1) * TOKEN.epochSeconds();
    }

    /// @inheritdoc IRewards
    function totalOf(uint256 epoch) public view override returns (uint256) {
        if (epoch == 0) revert EpochUnknown(epoch);
        return _totalWei(epoch, PAYMENTS.burnedIn(epoch));
    }

    /// @inheritdoc IRewards
    function ratesOf(
        uint256 epoch
    ) external view override returns (uint256[5] memory burnedWei, uint256[5] memory ratesE18) {
        if (epoch == 0) revert EpochUnknown(epoch);
        burnedWei = PAYMENTS.burnedIn(epoch);
        ratesE18 = _rates(epoch, burnedWei, !_bitOf(_lapsed[epoch >> 8], epoch));
    }

    /// @dev Never over the ceilings of the schedule, never over nine tenths of what was burned.
    function _totalWei(uint256 epoch, uint256[5] memory burnedWei) private pure returns (uint256 sum) {
        for (uint256 role; role < Emission.ROLES; ++role) {
            sum += Emission.mintGwei(role, epoch, burnedWei[role] / Emission.GWEI) * Emission.GWEI;
        }
    }

    function _rates(
        uint256 epoch,
        uint256[5] memory burnedWei,
        bool paid
    ) private pure returns (uint256[5] memory ratesE18) {
        if (!paid) return ratesE18;
        for (uint256 role; role < Emission.ROLES; ++role) {
            if (burnedWei[role] == 0) continue;
            uint256 bySchedule = (Emission.ceilingGwei(role, epoch) * Emission.GWEI * ONE_E18) / burnedWei[role];
            uint256 byBurn = (ONE_E18 * Emission.CAP_NUMERATOR) / Emission.CAP_DENOMINATOR;
            ratesE18[role] = bySchedule < byBurn ? bySchedule : byBurn;
        }
    }

    function _bitOf(uint256 word, uint256 epoch) private pure returns (bool) {
        return (word >> (epoch & 255)) & 1 != 0;
    }
}
