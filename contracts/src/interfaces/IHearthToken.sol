// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISentences} from "./ISentences.sol";

/// @title The token that pays for work.
/// @notice A disclosed genesis supply is minted once, to one address, so that someone can be the first to pay. Beyond it
/// only the minter that `Stewardship` names can mint, only what the schedule of ended epochs allows, and never more than
/// `cap` in all; there is no owner, no pause and no permit. Callers of `transferBySentence` must show its exact text to the
/// owner: a signature over another text moves nothing.
interface IHearthToken is IERC20, ISentences {
    event SentenceTransfer(address indexed owner, address indexed to, uint256 amount, uint32 number);

    error GenesisTooLarge(uint256 supply, uint256 largest);
    error NotMinter(address caller);
    error BeyondSchedule(uint256 amount, uint256 leftWei);

    /// @notice Moves exactly `micro` millionths of a token from `owner` by his sentence; anyone may submit it.
    /// @param micro Amount in units of 1e12 wei, under 1e13 (ten million tokens).
    /// @param deadlineMinutes Last valid time in minutes since 1970.
    /// @param signature 65 bytes over `transferSentence`, or empty when `owner` sends the call himself.
    function transferBySentence(
        address owner,
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes,
        bytes calldata signature
    ) external;

    /// @notice Makes new tokens. Minter only, and never more than `mintableBy` says; a minter that asks for more must expect
    /// its caller's transaction to fail with it.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys `amount` of the caller's tokens; the supply falls for ever.
    function burn(uint256 amount) external;

    /// @notice Wei that an account could mint now: nothing unless it is the minter.
    function mintableBy(address account) external view returns (uint256);

    /// @notice Most wei that can ever be minted, the genesis included, whatever was burned meanwhile.
    function cap() external view returns (uint256);

    /// @notice Wei minted after the genesis.
    function mintedWei() external view returns (uint256);

    /// @notice Most wei that may be minted for a role's work in an epoch (from 1); roles in the order of the registry.
    function ceilingWei(uint256 role, uint256 epoch) external view returns (uint256);

    /// @notice Number of the epoch that runs. The first began with the deployment, all others begin at multiples of
    /// `epochSeconds`, as proving periods do.
    function currentEpoch() external view returns (uint256);

    /// @notice Length of an epoch.
    function epochSeconds() external view returns (uint256);

    /// @notice Number of the epoch before the first, counted in lengths of an epoch since 1970.
    function epochOrigin() external view returns (uint256);

    /// @notice The text that `transferBySentence` expects to be signed.
    function transferSentence(
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view returns (string memory);
}
