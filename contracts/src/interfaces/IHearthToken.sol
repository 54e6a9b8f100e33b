// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISentences} from "./ISentences.sol";

/// @title The token that pays for work.
/// @notice The whole supply is minted once, to one disclosed address, so that someone can be the first to pay; there is
/// no minter, no owner, no pause and no permit. Callers of `transferBySentence` must show its exact text to the owner:
/// a signature over another text moves nothing.
interface IHearthToken is IERC20, ISentences {
    event SentenceTransfer(address indexed owner, address indexed to, uint256 amount, uint32 number);

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

    /// @notice Destroys `amount` of the caller's tokens; the supply falls for ever.
    function burn(uint256 amount) external;

    /// @notice The text that `transferBySentence` expects to be signed.
    function transferSentence(
        address to,
        uint64 micro,
        uint32 number,
        uint32 deadlineMinutes
    ) external view returns (string memory);
}
