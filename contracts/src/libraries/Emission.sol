// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title How many tokens each role can earn in an epoch beyond its fees, and one operator's share of them.
/// @notice Epochs are numbered from 1. The ceiling of a role halves every 730 epochs, which is two years of days on a real
/// network. All amounts are in gwei (1e9 wei), rounded down, against those who are rewarded.
///
/// | role     | a day in the first two years | share |
/// | -------- | ---------------------------- | ----- |
/// | storage  | 27,200 tokens                | 40 %  |
/// | render   | 20,400 tokens                | 30 %  |
/// | energy   | 6,800 tokens                 | 10 %  |
/// | indexing | 6,800 tokens                 | 10 %  |
/// | relay    | 6,800 tokens                 | 10 %  |
///
/// All of it for ever is 2 x 730 x 68,000 = 99,280,000 tokens, which fits under the cap beside the genesis.
library Emission {
    /// @notice How a deployment counts epochs: they begin at multiples of `epochSeconds`, as proving periods do, and `origin`
    /// is the number of lengths since 1970 before the first. Token and payments must be given the same.
    struct Clock {
        uint256 epochSeconds;
        uint256 origin;
    }

    uint256 internal constant ROLES = 5;
    uint256 internal constant GWEI = 1e9;
    uint256 internal constant EPOCHS_PER_HALVING = 730;
    /// @dev All that can ever be minted after the genesis.
    uint256 internal constant ALL_GWEI = 2 * EPOCHS_PER_HALVING * FIRST_DAY;
    /// @dev An operator gets at most nine tenths of the fee burned on his work (PROTOCOL 2.4).
    uint256 internal constant CAP_NUMERATOR = 9;
    uint256 internal constant CAP_DENOMINATOR = 10;

    /// @dev Ceilings of the first epoch, 48 bits to a role, storage lowest.
    uint256 private constant FIRST_CEILINGS =
        27_200e9 | (20_400e9 << 48) | (6_800e9 << 96) | (6_800e9 << 144) | (6_800e9 << 192);
    uint256 private constant FIRST_DAY = 68_000e9;

    /// @notice Most gwei that a role's operators can get for an epoch; nothing for roles that do not exist.
    /// @param epoch From 1.
    function ceilingGwei(uint256 role, uint256 epoch) internal pure returns (uint256) {
        return uint48(FIRST_CEILINGS >> (role * 48)) >> ((epoch - 1) / EPOCHS_PER_HALVING);
    }

    /// @notice At least the sum of all ceilings of the epochs 1 to `epoch`, and never over `ALL_GWEI`.
    /// @dev Exact while the ceilings halve without a remainder (the first 28 years of days).
    function throughGwei(uint256 epoch) internal pure returns (uint256) {
        uint256 halvings = epoch / EPOCHS_PER_HALVING;
        uint256 before = EPOCHS_PER_HALVING * (2 * FIRST_DAY - ((2 * FIRST_DAY) >> halvings));
        return before + (epoch % EPOCHS_PER_HALVING) * (FIRST_DAY >> halvings);
    }

    /// @notice What a role's epoch mints: its ceiling, and at most nine tenths of what was burned. The shares sum up to that
    /// or less, by under one gwei for each operator who was paid in the role and epoch.
    /// @param totalGwei Fee burned on the work of all operators in the role and epoch.
    function mintGwei(uint256 role, uint256 epoch, uint256 totalGwei) internal pure returns (uint256) {
        uint256 bySchedule = ceilingGwei(role, epoch);
        uint256 byBurn = (totalGwei * CAP_NUMERATOR) / CAP_DENOMINATOR;
        return bySchedule < byBurn ? bySchedule : byBurn;
    }

    /// @notice What an operator gets for an epoch: his part of the ceiling by burned fees, and at most nine tenths of what
    /// was burned on his work. The shares of a role sum up to its ceiling at most; what is left lapses.
    /// @param weightGwei Fee burned on the operator's work in the role and epoch.
    /// @param totalGwei The same of all operators, not less than `weightGwei`, not zero.
    /// @dev Weights have at most 64 bits and ceilings 48, so nothing overflows.
    function shareGwei(
        uint256 role,
        uint256 epoch,
        uint256 weightGwei,
        uint256 totalGwei
    ) internal pure returns (uint256) {
        unchecked {
            uint256 bySchedule = (weightGwei * ceilingGwei(role, epoch)) / totalGwei;
            uint256 byBurn = (weightGwei * CAP_NUMERATOR) / CAP_DENOMINATOR;
            return bySchedule < byBurn ? bySchedule : byBurn;
        }
    }
}
