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

    /// @dev One bit per epoch.
    mapping(uint256 word => uint256) private _finalized;

    constructor(IHearthToken token, IPayments payments) {
        (TOKEN, PAYMENTS) = (token, payments);
    }

    /// @inheritdoc IRewards
    function finalize(uint256 epoch) external override {
        uint256 endsAt = endOf(epoch);
        if (block.timestamp < endsAt) revert EpochNotOver(epoch, endsAt);
        if (finalized(epoch)) return;
        _finalized[epoch >> 8] |= 1 << (epoch & 255);
        (uint256[5] memory burnedWei, uint256[5] memory ratesE18) = ratesOf(epoch);
        emit EpochFinalized(epoch, burnedWei, ratesE18);
        PAYMENTS.prepareEpochs();
    }

    /// @inheritdoc IRewards
    function mint(
        address operator,
        uint256 mintedBeforeWei,
        uint256 entitledWei,
        uint256 burnedWei
    ) external override returns (uint256 mintedWei) {
        if (msg.sender != address(PAYMENTS)) revert NotPayments(msg.sender);
        uint256 capWei = (burnedWei * Emission.CAP_NUMERATOR) / Emission.CAP_DENOMINATOR;
        if (entitledWei > capWei) revert RewardBeyondCap(operator, entitledWei, capWei);
        mintedWei = entitledWei - mintedBeforeWei;
        uint256 left = TOKEN.mintableBy(address(this));
        if (mintedWei > left) mintedWei = left;
        if (mintedWei == 0) return 0;
        emit RewardMinted(operator, mintedWei);
        TOKEN.mint(msg.sender, mintedWei);
    }

    /// @inheritdoc IRewards
    function finalized(uint256 epoch) public view override returns (bool) {
        return (_finalized[epoch >> 8] >> (epoch & 255)) & 1 != 0;
    }

    /// @inheritdoc IRewards
    function endOf(uint256 epoch) public view override returns (uint256) {
        if (epoch == 0) revert EpochUnknown(epoch);
        return (TOKEN.epochOrigin() + epoch + 1) * TOKEN.epochSeconds();
    }

    /// @inheritdoc IRewards
    function ratesOf(
        uint256 epoch
    ) public view override returns (uint256[5] memory burnedWei, uint256[5] memory ratesE18) {
        if (epoch == 0) revert EpochUnknown(epoch);
        burnedWei = PAYMENTS.burnedIn(epoch);
        for (uint256 role; role < Emission.ROLES; ++role) {
            if (burnedWei[role] == 0) continue;
            uint256 bySchedule = (TOKEN.ceilingWei(role, epoch) * ONE_E18) / burnedWei[role];
            uint256 byBurn = (ONE_E18 * Emission.CAP_NUMERATOR) / Emission.CAP_DENOMINATOR;
            ratesE18[role] = bySchedule < byBurn ? bySchedule : byBurn;
        }
    }
}
