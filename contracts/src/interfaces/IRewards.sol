// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Epochs and the one way to newly minted tokens.
/// @notice Rewards follow verified, paid work: the fee that customers' payments burned is an operator's weight in a role and
/// epoch. His share is weight x rate, and the rate of an epoch and role is min(ceiling / burned by all, 0.9), so that he
/// never gets more than nine tenths of what was burned on his work: who pays himself loses. What is not minted lapses.
/// Nobody posts anything and nothing waits for anybody: a share is due from the second in which its epoch ends.
/// @dev While this contract is not the token's minter any more, claims go on and pay fees and what was minted before; shares
/// that were not claimed during the notice of the change (30 days) are not minted.
interface IRewards {
    /// @param burnedWei Fee burned by role in whole gwei, roles in the order of the registry.
    /// @param ratesE18 Reward for one wei of burned fee, times 1e18, rounded down.
    event EpochFinalized(uint256 indexed epoch, uint256[5] burnedWei, uint256[5] ratesE18);
    event RewardMinted(address indexed operator, uint256 amountWei);

    error EpochUnknown(uint256 epoch);
    error EpochNotOver(uint256 epoch, uint256 endsAt);
    error NotPayments(address caller);
    error RewardBeyondCap(address operator, uint256 entitledWei, uint256 capWei);

    /// @notice Announces what an ended epoch burned and pays, once; later calls change nothing. Anyone may call it. No share
    /// depends on it, but payments of the epochs that follow cost less gas when somebody does.
    function finalize(uint256 epoch) external;

    /// @notice Mints to the caller what an operator is entitled to beyond what was minted for him. `Payments` only.
    /// @param mintedBeforeWei What was minted for him before.
    /// @param entitledWei All his shares of ended epochs; over nine tenths of `burnedWei` is refused.
    /// @param burnedWei All the fee burned on his work.
    /// @return mintedWei Less than the difference only when the minter was changed.
    function mint(
        address operator,
        uint256 mintedBeforeWei,
        uint256 entitledWei,
        uint256 burnedWei
    ) external returns (uint256 mintedWei);

    /// @notice Whether `finalize` was called for an epoch.
    function finalized(uint256 epoch) external view returns (bool);

    /// @notice When an epoch (from 1) ends, in seconds since 1970.
    function endOf(uint256 epoch) external view returns (uint256);

    /// @notice Fee burned so far and the rate that follows, by role; final once the epoch is over.
    function ratesOf(uint256 epoch) external view returns (uint256[5] memory burnedWei, uint256[5] memory ratesE18);
}
