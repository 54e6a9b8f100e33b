// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What every contract that takes signed sentences has in common.
/// @notice A sentence is EIP-191 text in plain ASCII which the contract rebuilds from its arguments. Whoever submits it
/// counts for nothing. A caller must not reuse a number for two sentences that should both land: of two sentences with
/// one number exactly one does.
interface ISentences {
    /// @notice Kinds with numbers. `Revoke` has none: it is immediate, idempotent and final.
    enum Kind {
        Authorize,
        Claim,
        Transfer,
        Stake,
        Unstake,
        Payout,
        CancelPayout
    }

    /// @notice The words of a deployment; label and symbol are 1 to 6 characters of [A-Za-z0-9 .-].
    struct Branding {
        bool practice;
        string label;
        string symbol;
    }

    /// @notice The markets that take stake. Sentences name them by their roles.
    struct Markets {
        address storageMarket;
        address renderMarket;
        address energyMarket;
    }

    error NotAMarket(address account);
    error SentenceExpired(uint256 deadline);
    error DeadlineTooFar(uint256 deadline);
    error NumberNotNext(uint32 number, uint32 last);
    error NotSigned(address operator, address signer);
    error AmountTooLarge(uint256 micro);
    error NameInvalid(string name);
    error ChainIdTooLarge(uint256 chainId);

    /// @notice True on a practice network: every sentence then begins with `PRACTICE, no value`.
    function practice() external view returns (bool);

    /// @notice The last number that this operator used for this kind; the next sentence must carry one more.
    function lastNumber(address operator, Kind kind) external view returns (uint32);
}
