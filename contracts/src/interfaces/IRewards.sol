// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Epochs and the one way to newly minted tokens.
/// @notice Rewards follow verified, paid work: the fee that customers' payments burned is an operator's weight in a role and
/// epoch. His share is weight x rate, and the rate of an epoch and role is min(ceiling / burned by all, 0.9), so that he
/// never gets more than nine tenths of what was burned on his work: who pays himself loses. What is not minted lapses.
/// Nobody posts anything and nothing waits for anybody: whoever first needs an ended epoch finalizes it on the way.
/// @dev While this contract is not the token's minter any more, epochs lapse instead of paying: claims go on and pay fees
/// and the shares of every epoch that was finalized before (a change has 30 days' notice). Callers must not take a share of
/// an epoch that is not finalized for granted.
interface IRewards {
    /// @param burnedWei Fee burned by role in whole gwei, roles in the order of the registry.
    /// @param ratesE18 Reward for one wei of burned fee, times 1e18, rounded down; zeros when the epoch lapsed.
    /// @param mintedWei What was minted for all operators together; nothing when the epoch lapsed.
    event EpochFinalized(uint256 indexed epoch, uint256[5] burnedWei, uint256[5] ratesE18, uint256 mintedWei);

    error EpochUnknown(uint256 epoch);
    error EpochNotOver(uint256 epoch, uint256 endsAt);

    /// @notice Closes an ended epoch, once: mints what all its operators together get to `Payments` and destroys the fees
    /// that it burned. Later calls change nothing. Anyone may call it, for epochs in any order; the first claim or payment
    /// that needs an epoch does, so no share depends on anybody. It never fails for lack of tokens to mint: then the epoch
    /// lapses, for all its operators and for ever, and its fees are destroyed all the same.
    function finalize(uint256 epoch) external;

    /// @notice Whether `finalize` was called for an epoch.
    function finalized(uint256 epoch) external view returns (bool);

    /// @notice Whether an ended epoch gives nothing, because there was no right to mint when it was finalized, or there is
    /// none now where it was not. False while it runs.
    function lapses(uint256 epoch) external view returns (bool);

    /// @notice When an epoch (from 1) ends, in seconds since 1970.
    function endOf(uint256 epoch) external view returns (uint256);

    /// @notice What an epoch mints for all its operators if it is paid; final once it is over. Over the sum of their shares
    /// by the roundings: under a gwei for each operator and role.
    function totalOf(uint256 epoch) external view returns (uint256);

    /// @notice Fee burned so far and the rate that follows, by role; final once the epoch is over. Zero rates when it lapsed.
    function ratesOf(uint256 epoch) external view returns (uint256[5] memory burnedWei, uint256[5] memory ratesE18);
}
